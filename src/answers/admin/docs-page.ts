import { Eta } from 'eta'
import type { FastifyInstance } from 'fastify'
import { docsStyle } from './docs-style.ts'

/** As much of an OpenAPI document as is shown. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>
}

interface ApiOperation {
  readonly summary?: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Described }>>
  }
  readonly 'x-codeSamples'?: readonly { readonly source: string }[]
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: Described
}

interface Described {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly Described[]
  readonly enum?: readonly unknown[]
  readonly items?: Described
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Described>>
}

/** What is sent along with an operation, a line of the table each. */
interface Sent {
  readonly name: string
  readonly where: string
  readonly isRequired: boolean
  readonly kind: string
  readonly text: string
}

/** `GET /docs`: the description of the API for people, whole as it comes from here, without scripts. */
export function mountDocs(app: FastifyInstance, read: () => ApiDocument): void {
  const eta = new Eta({ autoEscape: true })
  const schema = { hide: true }
  app.get('/docs', { schema }, (_request, reply) => {
    const { info, paths } = read()
    const html = eta.renderString(template, { info, groups: groupsOf(paths) })
    return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html)
  })
  app.get('/docs.css', { schema }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(docsStyle),
  )
}

/** By the word that follows `/api/`; what is outside says how it goes. */
function groupsOf(paths: ApiDocument['paths']) {
  const groups = new Map<string, object[]>()
  for (const [path, methods] of Object.entries(paths)) {
    const name = path.startsWith('/api/') ? (path.split('/')[2] ?? '') : 'health'
    const operations = Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      id: `${method}${path.replaceAll(/[^a-z-]+/g, '-')}`,
      summary: operation.summary,
      description: operation.description,
      sent: sentWith(operation),
      curl: operation['x-codeSamples']?.[0]?.source,
    }))
    groups.set(name, [...(groups.get(name) ?? []), ...operations])
  }
  return Array.from(groups, ([name, operations]) => ({ name, operations })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
}

function sentWith({ parameters = [], requestBody }: ApiOperation): readonly Sent[] {
  const body = requestBody?.content['application/json']?.schema
  const fields = Object.entries(body?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'body',
    required: body?.required?.includes(name) ?? false,
    schema,
  }))
  return [...parameters, ...fields].map((each: Parameter) => ({
    name: each.name,
    where: each.in,
    isRequired: each.required ?? false,
    kind: kindOf(each.schema ?? {}),
    // Markdown in the description, plain here.
    text: (each.description ?? each.schema?.description ?? '').replaceAll('`', ''),
  }))
}

function kindOf(described: Described): string {
  const { type = 'any', anyOf, enum: values, items, minimum, maximum, default: usual } = described
  const choices = anyOf?.map(kindOf) ?? values?.map(String)
  const kind = items ? `list of ${kindOf(items)}` : (choices?.join(' | ') ?? type)
  const range =
    minimum === undefined
      ? ''
      : `, ${minimum} ${maximum === undefined ? 'or more' : `to ${maximum}`}`
  const otherwise = usual === undefined || usual === '' ? '' : `, default ${String(usual)}`
  return `${kind}${range}${otherwise}`
}

const template = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The API of <%= it.info.title %></title>
<link rel="stylesheet" href="docs.css">
</head>
<body>
<header>
<h1><%= it.info.title %> <%= it.info.version %>: the API</h1>
<p><%= it.info.description %> The same for programs: <a href="openapi.json">openapi.json</a>.</p>
<nav aria-label="Subjects"><% it.groups.forEach(function (group) { %>
<a href="#<%= group.name %>"><%= group.name %></a><% }) %>
</nav>
</header>
<main>
<% it.groups.forEach(function (group) { %>
<h2 id="<%= group.name %>"><%= group.name %></h2>
<% group.operations.forEach(function (each) { %>
<details id="<%= each.id %>">
<summary><b class="<%= each.method %>"><%= each.method %></b> <code><%= each.path %></code> <span><%= each.summary %></span></summary>
<p><%= each.description %></p>
<% if (each.sent.length > 0) { %>
<table>
<thead><tr><th>Name</th><th>In</th><th>What</th></tr></thead>
<tbody><% each.sent.forEach(function (sent) { %>
<tr><td><code><%= sent.name %></code><% if (sent.isRequired) { %> <em>required</em><% } %></td><td><%= sent.where %></td><td><%= sent.text %> <small><%= sent.kind %></small></td></tr><% }) %>
</tbody>
</table>
<% } %>
<pre><code><%= each.curl %></code></pre>
</details>
<% }) %>
<% }) %>
</main>
</body>
</html>
`

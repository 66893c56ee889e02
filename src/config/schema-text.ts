import { configSchema } from './schema.ts'

type Node = Readonly<Record<string, unknown>>

/** The JSON Schema (2020-12) of the configuration file. What has a default may be left out of it. */
export function schemaText(): string {
  const schema = rewrite(configSchema, optionalWithDefaults) as Node // an object stays one
  const shared = new Map<string, string>()
  for (const [text, count] of countLarge(schema)) {
    if (count > 2) shared.set(text, `shared${shared.size + 1}`)
  }
  const refer = (node: Node): Node => {
    const { description, ...rest } = node
    const name = shared.get(JSON.stringify(rest))
    if (name === undefined) return node
    return { $ref: `#/$defs/${name}`, ...(description === undefined ? {} : { description }) }
  }
  return `${JSON.stringify(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Peerage configuration',
      ...(rewrite(schema, refer) as Node),
      $defs: Object.fromEntries(Array.from(shared, ([text, name]) => [name, JSON.parse(text)])),
    },
    null,
    1,
  )}\n`
}

/** The checker sees a file whose defaults were filled in; an editor sees it as it is written. */
function optionalWithDefaults(node: Node): Node {
  const { required, ...rest } = node
  if (!Array.isArray(required)) return node
  const properties = (rest['properties'] ?? {}) as Readonly<Record<string, Node>> // beside `required`
  const left = required.filter((name: string) => !('default' in (properties[name] ?? {})))
  return left.length === 0 ? rest : { ...rest, required: left }
}

/** Parts that stand in many places (the rule of each mapped field), without their descriptions. */
function countLarge(schema: Node): Map<string, number> {
  const counts = new Map<string, number>()
  rewrite(schema, (node) => {
    const { description: _, ...rest } = node
    const text = JSON.stringify(rest)
    if (text.length > 400) counts.set(text, (counts.get(text) ?? 0) + 1)
    return node
  })
  return counts
}

/** The outer ones first; what `change` returns is looked into again. */
function rewrite(value: unknown, change: (node: Node) => Node): unknown {
  if (Array.isArray(value)) return value.map((each) => rewrite(each, change))
  if (typeof value !== 'object' || value === null) return value
  const changed = change(value as Node) // neither null nor a list
  return Object.fromEntries(
    Object.entries(changed).map(([key, inner]) => [key, rewrite(inner, change)]),
  )
}

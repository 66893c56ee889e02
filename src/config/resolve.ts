import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { TSchema } from 'typebox'
import type { Complaint } from '../complaint.ts'
import type { Environment } from './config.ts'
import type { Config } from './schema.ts'

/** The parts of JSON Schema that the walks below need. */
export interface SchemaNode {
  readonly type?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly const?: unknown
  readonly default?: unknown
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly minLength?: number
  readonly pattern?: string
}

type Tree = Readonly<Record<string, unknown>>

/** What the schema demands and the file leaves out. Optional options keep their absence. */
export function fillDefaults(schema: TSchema, value: unknown): unknown {
  return mapObjects(schema as SchemaNode, value, (node, object) => {
    const missing = (node.required ?? []).filter((key) => object[key] === undefined)
    const defaults = missing
      .map((key) => [key, node.properties?.[key]?.default] as const)
      .filter(([, value]) => value !== undefined)
    return { ...object, ...Object.fromEntries(defaults) }
  })
}

/**
 * Every option that has a sibling `…File` is a secret: it may stand in that file or, which wins, in
 * the environment (`sources.office.bind.password` is PEERAGE_SOURCES_OFFICE_BIND_PASSWORD, its file
 * …_PASSWORD_FILE).
 */
export function resolveSecrets(
  schema: TSchema,
  value: unknown,
  environment: Environment,
  folder: string,
  complaints: Complaint[],
): unknown {
  return mapObjects(schema as SchemaNode, value, (node, object, path) => {
    const names = Object.keys(node.properties ?? {}).filter(
      (key) => node.properties?.[`${key}File`],
    )
    const secrets = names.flatMap((name): [string, string][] => {
      const variable = variableName([...path, name])
      const inEnvironment = environment[variable]
      if (inEnvironment !== undefined) return [[name, inEnvironment]]
      const file = environment[`${variable}_FILE`] ?? object[`${name}File`]
      if (typeof file !== 'string') return []
      try {
        // One line end at the end is the editor's, everything else the secret's.
        return [[name, readFileSync(resolve(folder, file), 'utf8').replace(/\r?\n$/, '')]]
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        complaints.push({
          path: [...path, `${name}File`].join('.').replaceAll(/\.(\d+)(?=\.)/g, '[$1]'),
          problem: `cannot be read: ${reason}`,
        })
        return []
      }
    })
    return { ...object, ...Object.fromEntries(secrets) }
  })
}

/**
 * Relative paths start from the folder of the configuration file. Every property that ends in
 * `File` is one, and `ldif`.
 */
export function resolvePaths(schema: unknown, config: Config, folder: string): Config {
  const resolved = mapObjects(schema as SchemaNode, config, (_, object) => {
    const paths = Object.entries(object).flatMap(([name, value]) =>
      typeof value === 'string' && (name === 'ldif' || name.endsWith('File'))
        ? [[name, resolve(folder, value)]]
        : [],
    )
    return { ...object, ...Object.fromEntries(paths) }
  }) as Config // the same keys and types as before
  const state = config.state.replace(/^(sqlite:)(?!:memory:)(.+)$/s, (_, scheme, path) => {
    return `${scheme}${resolve(folder, path)}`
  })
  return { ...resolved, state }
}

export function variableName(path: readonly string[]): string {
  const words = path.map((part) => part.replaceAll(/([a-z])([A-Z])/g, '$1_$2'))
  return `PEERAGE_${words
    .join('_')
    .replaceAll(/[^A-Za-z0-9]/g, '_')
    .toUpperCase()}`
}

/** Rebuilds the tree; `change` sees each object with its schema, the outer ones first. */
function mapObjects(
  node: SchemaNode,
  value: unknown,
  change: (node: SchemaNode, object: Tree, path: readonly string[]) => Tree,
  path: readonly string[] = [],
): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const { items } = node
    if (!items) return value
    return value.map((inner, at) => mapObjects(items, inner, change, [...path, String(at)]))
  }
  const any = Object.values(node.patternProperties ?? {})[0]
  if (!node.properties && !any) return value
  const changed = change(node, value as Tree, path) // not null, not an array
  return Object.fromEntries(
    Object.entries(changed).map(([key, inner]) => {
      const child = node.properties?.[key] ?? any
      return [key, child ? mapObjects(child, inner, change, [...path, key]) : inner]
    }),
  )
}

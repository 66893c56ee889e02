import type { AttributeDescription, DirectorySchema } from '../source.ts'
import type { Channel } from './channel.ts'
import { readEntry, textsOf } from './changes/server-facts.ts'
import { readDefinition, type Definition } from './schema-definition.ts'
import type { SearchOptions } from './search.ts'

const wanted = ['objectClasses', 'attributeTypes', 'dITContentRules']

/** What the server says of itself in the entry that its root names (RFC 4512, 4.4). */
export async function readSchema(
  channel: Channel,
  base: string,
  options: SearchOptions,
): Promise<DirectorySchema> {
  const place = async (dn: string) =>
    textsOf(await readEntry(channel, dn, ['subschemaSubentry'], options), 'subschemaSubentry')[0]
  const dn = (await place(base).catch(() => undefined)) ?? (await place('')) ?? 'cn=subschema'
  const entry = await readEntry(channel, dn, wanted, options)
  const definitions = (name: string) =>
    textsOf(entry, name).flatMap((each) => readDefinition(each) ?? [])
  return new SchemaOfDefinitions(
    definitions('attributeTypes'),
    definitions('objectClasses'),
    definitions('dITContentRules'),
  )
}

export class SchemaOfDefinitions implements DirectorySchema {
  readonly #attributes: ReadonlyMap<string, Definition>
  readonly #classes: ReadonlyMap<string, Definition>
  /** What Active Directory hangs on to a class: further classes, and attributes. */
  readonly #rules: ReadonlyMap<string, Definition>

  constructor(
    attributes: readonly Definition[],
    classes: readonly Definition[],
    rules: readonly Definition[],
  ) {
    this.#attributes = byName(attributes)
    this.#classes = byName(classes)
    this.#rules = byName(rules)
  }

  spell(name: string): string {
    return this.#attributes.get(name.toLowerCase())?.names[0] ?? name
  }

  attributesOf(classes: readonly string[]): AttributeDescription[] {
    const found = new Map<string, AttributeDescription>()
    const seen = new Set<string>()
    const visit = (name: string) => {
      const key = name.toLowerCase()
      if (seen.has(key)) return
      seen.add(key)
      for (const definition of [this.#classes.get(key), this.#rules.get(key)]) {
        if (!definition) continue
        for (const each of [...definition.must, ...definition.may]) this.#note(each, found)
        for (const each of [...definition.above, ...definition.auxiliary]) visit(each)
      }
    }
    for (const name of classes) visit(name)
    return Array.from(found.values()).sort((a, b) => a.name.localeCompare(b.name))
  }

  #note(name: string, found: Map<string, AttributeDescription>): void {
    const spelled = this.spell(name)
    const description = this.#attributes.get(name.toLowerCase())?.description ?? ''
    found.set(spelled.toLowerCase(), { name: spelled, description })
  }
}

/** By every name and by the object identifier, in lower case. */
function byName(definitions: readonly Definition[]): Map<string, Definition> {
  return new Map(
    definitions.flatMap((each) =>
      [each.oid, ...each.names].map((name) => [name.toLowerCase(), each] as const),
    ),
  )
}

import type {
  AttributeReport,
  AttributeUse,
  PossibleAttribute,
} from '../answers/admin/source-settings.ts'
import { shownText } from './shown-text.ts'
import type { DirectorySchema, Entry } from '../directory/source.ts'

const longestDescription = 200
const longestExample = 80
/** More is a directory that makes names up. */
const mostNames = 500

/** What the first entries have: how many of them each attribute, and what it looks like. */
export class AttributeCount {
  readonly #uses = new Map<string, { count: number; example: string | null }>()
  readonly #classes = new Set<string>()
  #entries = 0

  add(entry: Entry, binary: Iterable<string>): void {
    this.#entries++
    for (const name of binary) this.#note(name, null)
    for (const [name, values] of entry.attributes) this.#note(name, values[0] ?? null)
    for (const name of entry.attributes.get('objectclass') ?? []) this.#classes.add(name)
  }

  get entries(): number {
    return this.#entries
  }

  report(
    fieldsOf: ReadonlyMap<string, readonly string[]>,
    schema: DirectorySchema | null,
  ): AttributeReport {
    const used = Array.from(this.#uses, ([name, { count, example }]): AttributeUse => {
      const isSecret = isSecretAttribute(name)
      const fields = fieldsOf.get(name) ?? []
      const spelled = schema?.spell(name) ?? name
      const isHidden = isSecret || fields.some((field) => /secret|pin$/i.test(field))
      return {
        name: spelled,
        count,
        example: isHidden ? null : example,
        isSecret: isHidden,
        fields,
      }
    })
    return {
      entries: this.#entries,
      used: used.sort((a, b) => b.count - a.count || a.name.localeCompare(b.name)),
      possible: schema && this.#possible(schema),
    }
  }

  #possible(schema: DirectorySchema): PossibleAttribute[] {
    return schema
      .attributesOf([...this.#classes])
      .filter(({ name }) => !this.#uses.has(name.toLowerCase()))
      .slice(0, mostNames)
      .map(({ name, description }) => {
        return { name, description: shownText(description, longestDescription) }
      })
  }

  #note(name: string, example: string | null): void {
    const known = this.#uses.get(name)
    if (known) {
      known.count++
      known.example ??= example && shownText(example, longestExample)
    } else if (this.#uses.size < mostNames) {
      this.#uses.set(name, { count: 1, example: example && shownText(example, longestExample) })
    }
  }
}

/**
 * Whether an attribute holds a secret or the hash of one, as far as its name says: those of OpenLDAP,
 * Active Directory (with LAPS), Samba, Kerberos, FreeIPA and 389-ds, and whatever is called alike.
 */
export function isSecretAttribute(name: string): boolean {
  // When it was changed, and how often it was wrong.
  if (/(?:time|lastset|count)$/i.test(name)) return false
  return (
    /passw|pwd|secret|credential|token|privatekey|principalkey|krb.*key|hash$/i.test(name) ||
    /^(?:ms-?mcs-?admpwd|ms-?laps|supplementalcred|userpkcs12|.*pin(?:code)?$)/i.test(name)
  )
}

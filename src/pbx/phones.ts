import type { Logger } from '../logger.ts'
import type { People } from '../people/people.ts'
import type { WrittenRow, WrittenRows } from '../state/written-rows.ts'

export interface PhonesDeps {
  readonly people: People
  readonly contacts: WrittenRows
  readonly registrations: WrittenRows
  readonly iaxRegistrations: WrittenRows
  readonly log: Logger
}

/** Who has a phone registered with chan_pjsip, and whether Asterisk asks it now and then. */
export interface RegisteredPhone {
  readonly extension: string
  readonly isQualified: boolean
}

/** Somebody's registered phone: a row that Asterisk wrote, and whose extension it was then. */
interface Phone {
  readonly rows: WrittenRows
  readonly key: string
  /** Id of the person; null: nobody's, such as one that is kept by hand in pjsip.conf. */
  readonly owner: string | null
}

/**
 * Knows whose phone each registration is. When the extension is not his any more, because he left,
 * is disabled or has another one, the registration goes: no call must reach that phone, least of
 * all one for whoever gets the extension next.
 */
export class Phones {
  readonly #deps: PhonesDeps
  readonly #byExtension = new Map<string, Map<string, Phone>>()

  constructor(deps: PhonesDeps) {
    this.#deps = deps
    this.#follow('contact', deps.contacts, (row) => registeredPhone(row)?.extension)
    this.#follow('sip', deps.registrations, ({ name }) => name)
    this.#follow('iax', deps.iaxRegistrations, ({ name }) => name)
  }

  /** Everybody who has a phone. */
  extensions(): Iterable<string> {
    return this.#byExtension.keys()
  }

  /** Drops the phones of those who had one of these extensions and have it no longer. */
  async leave(extensions: readonly string[]): Promise<void> {
    const { people, log } = this.#deps
    for (const extension of extensions) {
      const owner = people.byExtension(extension)?.id
      const phones = [...(this.#byExtension.get(extension)?.values() ?? [])].filter(
        (phone) => phone.owner !== null && phone.owner !== owner,
      )
      if (phones.length === 0) continue
      try {
        await Promise.all(phones.map(({ rows, key }) => rows.remove(key)))
        log.info({ extension, phones: phones.length }, 'phones unregistered, their owner left')
      } catch (error) {
        log.error({ extension, problem: String(error) }, 'registration of a leaver not removed')
      }
    }
  }

  /** `kind` keeps apart what has the same key in two tables: a SIP and an IAX phone of one person. */
  #follow(
    kind: string,
    rows: WrittenRows,
    extensionOf: (row: WrittenRow) => string | undefined,
  ): void {
    const key = (row: WrittenRow) => row['id'] ?? row['name'] ?? ''
    for (const row of rows.values()) this.#add(kind, rows, key(row), extensionOf(row))
    rows.onChange((key, before, after) => {
      const extension = before && extensionOf(before)
      if (extension !== undefined) this.#remove(kind, key, extension)
      if (after) this.#add(kind, rows, key, extensionOf(after))
    })
  }

  #add(kind: string, rows: WrittenRows, key: string, extension: string | undefined): void {
    if (extension === undefined) return
    const owner = this.#deps.people.byExtension(extension)?.id ?? null
    const phones = this.#byExtension.get(extension) ?? new Map<string, Phone>()
    this.#byExtension.set(extension, phones.set(`${kind} ${key}`, { rows, key, owner }))
  }

  #remove(kind: string, key: string, extension: string): void {
    const phones = this.#byExtension.get(extension)
    phones?.delete(`${kind} ${key}`)
    if (phones?.size === 0) this.#byExtension.delete(extension)
  }
}

/** What a contact says about its phone; undefined for a row that is none. */
export function registeredPhone(contact: WrittenRow): RegisteredPhone | undefined {
  const extension = /^(.*);@/s.exec(contact['id'] ?? '')?.[1]
  if (extension === undefined) return undefined
  return { extension, isQualified: Number(contact['qualify_frequency']) > 0 }
}

import { decodePairs } from './codec.ts'
import { rowsFor, type Family } from './family.ts'
import { meets, readQuestion } from './question.ts'
import type { Row } from './row.ts'

/** Whoever asks over one connection: Asterisk keeps one for each of its threads. */
export type Asker = object

/** Tables that Asterisk asks for as a whole. */
const lists: readonly string[] = ['ps_endpoints', 'ps_auths', 'ps_aors']

/**
 * Shortens the list of everybody, which Asterisk needs only to tie endpoints to registrations. For an
 * AOR that is new to it, it asks for the contacts of that AOR, then for every endpoint, of which it
 * uses those with this AOR (pjsip_options.c, sip_options_aor_observer_modified_task), from one thread
 * and so over one connection. So the endpoint that is meant is known, and is the whole answer.
 *
 * When res_pjsip is reloaded it asks for every AOR, and then for every endpoint
 * (sip_options_synchronize_task), unties who is not among them and ties the others anew. They are
 * those with a phone.
 */
export class EndpointList {
  readonly #phones: () => ListedPhones | undefined
  readonly #meant = new WeakMap<Asker, Meant>()

  /** Undefined: not known yet. */
  constructor(phones: () => ListedPhones | undefined) {
    this.#phones = phones
  }

  /** What is answered instead of everybody; undefined: this is another question. */
  answer(asker: Asker, family: Family, body: string): Iterable<Row> | undefined {
    if (family.name === 'ps_contacts') {
      const aor = /^id%20LIKE=(.+)%3B%40%25$/.exec(body)?.[1]
      if (aor !== undefined) this.#note(asker, aor)
      return undefined
    }
    // Whom it may have to tell of messages: it needs those who have a phone.
    if (
      body === everyMailbox &&
      family.name === 'ps_endpoints' &&
      family.columns.has('mailboxes')
    ) {
      const question = readQuestion(body)
      const rows = rowsOf(family, this.#phones()?.registered() ?? [])
      return Iterator.from(rows).filter(({ fields }) =>
        question.every((each) => meets(fields, each)),
      )
    }
    if (body !== everybody || !lists.includes(family.name)) return undefined
    if (family.name === 'ps_auths') return []
    const meant = family.name === 'ps_endpoints' ? this.#meant.get(asker) : undefined
    this.#meant.delete(asker)
    const extensions = meant?.extensions ?? this.#ofReload()
    if (family.name === 'ps_aors') this.#meant.set(asker, { extensions, isReload: true })
    return rowsOf(family, extensions)
  }

  #ofReload(): ReadonlySet<string> {
    const phones = this.#phones()
    return new Set(phones && !phones.mayBeStarting() ? phones.registered() : [])
  }

  /** While it reloads, it asks for the contacts of each AOR that is new to it. */
  #note(asker: Asker, aor: string): void {
    const [[, extension = ''] = []] = decodePairs(`id=${aor}`)
    const before = this.#meant.get(asker)
    if (before?.isReload && before.extensions.has(extension)) return
    this.#meant.set(asker, { extensions: new Set([extension]), isReload: false })
  }
}

/** Who has a phone, and whether an Asterisk may be starting, which is to get nobody. */
export interface ListedPhones {
  registered(): Iterable<string>
  mayBeStarting(): boolean
}

interface Meant {
  readonly extensions: ReadonlySet<string>
  readonly isReload: boolean
}

const everybody = 'id%20LIKE=%25'
const everyMailbox = 'mailboxes%20!%3D='

function* rowsOf(family: Family, extensions: Iterable<string>): Generator<Row> {
  for (const value of extensions) yield* rowsFor(family, [{ field: 'id', operator: '=', value }])
}

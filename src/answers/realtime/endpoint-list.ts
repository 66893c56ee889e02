import { decodePairs } from './codec.ts'
import { rowsFor, type Family } from './family.ts'

/** Whoever asks over one connection: Asterisk keeps one for each of its threads. */
export type Asker = object

/** Tables that Asterisk asks for as a whole when it starts. */
const lists: readonly string[] = ['ps_endpoints', 'ps_auths', 'ps_aors']

/**
 * Shortens the list of everybody, which Asterisk needs only to tie endpoints to registrations. For an
 * AOR that is new to it, it asks for the contacts of that AOR, then for every endpoint, of which it
 * uses those with this AOR (pjsip_options.c, sip_options_aor_observer_modified_task), from one thread
 * and so over one connection. So the endpoint that is meant is known, and is the whole answer.
 */
export class EndpointList {
  readonly #aors = new WeakMap<Asker, string>()

  /** What is answered instead of everybody; undefined: this is another question. */
  answer(asker: Asker, family: Family, body: string): string | undefined {
    if (family.name === 'ps_contacts') {
      const aor = /^id%20LIKE=(.+)%3B%40%25$/.exec(body)?.[1]
      if (aor !== undefined) this.#aors.set(asker, aor)
      return undefined
    }
    if (body !== everybody || !lists.includes(family.name)) return undefined
    const aor = this.#aors.get(asker)
    this.#aors.delete(asker)
    if (aor === undefined || family.name !== 'ps_endpoints') return ''
    const [[, value] = []] = decodePairs(`id=${aor}`)
    return Array.from(
      rowsFor(family, [{ field: 'id', operator: '=', value: value ?? '' }]),
      ({ line }) => line,
    ).join('')
  }
}

const everybody = 'id%20LIKE=%25'

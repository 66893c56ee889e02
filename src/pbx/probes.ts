/** Nobody's extension: what `peerage asterisk check` lets an Asterisk ask for begins so. */
const prefix = 'peerage-probe-'
const inQuestion = /peerage-probe-[0-9a-f]{16}/
/** A check makes a handful of them and looks at once. */
const mostProbes = 200

/** A question that a check has let an Asterisk ask, as it came in here. */
export interface SeenProbe {
  readonly probe: string
  /** The path that was asked: `ps_endpoints/single`. */
  readonly question: string
  /** Who asked. */
  readonly address: string
}

/**
 * The proof that an Asterisk asks this very Peerage, whatever names and proxies are in between: a
 * check lets it ask for somebody whom nobody else can know, and looks here.
 */
export class Probes {
  readonly #seen: SeenProbe[] = []

  /** Looks at a question that was let in, and may be a probe. */
  note(question: string, body: string, address: string): void {
    const probe = inQuestion.exec(body)?.[0]
    if (probe === undefined) return
    if (this.#seen.length >= mostProbes) this.#seen.shift()
    this.#seen.push({ probe, question, address })
  }

  find(probe: string): readonly SeenProbe[] {
    return this.#seen.filter((seen) => seen.probe === probe)
  }
}

/** Costs nothing: every question is looked at. */
export function mayBeProbe(body: string): boolean {
  return body.includes(prefix)
}

export function makeProbe(randomHex: string): string {
  return `${prefix}${randomHex}`
}

import type { Logger } from '../logger.ts'
import type { RegisteredPhone } from './phones.ts'

export interface UntiedDeps {
  /** What a console command prints. */
  readonly console: (command: string) => Promise<string>
  /** What the log is told besides. */
  readonly about: object
  readonly log: Logger
}

/**
 * Phones whose endpoint Asterisk takes for away although they are there. When an AOR is new to it, it
 * asks for its endpoint; not answered, because Peerage was gone just then, it knows the AOR all the
 * same and never asks again (pjsip_options.c, sip_options_aor_observer_modified_task). What ties such a
 * phone is a reload of res_pjsip, in which it asks for everybody (answers/realtime/endpoint-list.ts).
 */
export class Untied {
  readonly #deps: UntiedDeps
  readonly #doubtful = new Map<string, RegisteredPhone>()
  readonly #found = new Map<string, RegisteredPhone>()
  /** A reload was meant to tie them. */
  readonly #tried = new Set<string>()
  #isReloading = false

  constructor(deps: UntiedDeps) {
    this.#deps = deps
  }

  /** Whether there is something to look at or to do. */
  get hasMore(): boolean {
    return this.#doubtful.size + this.#found.size > 0
  }

  get isReloading(): boolean {
    return this.#isReloading
  }

  /** Asterisk may have asked for it while nobody answered. */
  doubt(phone: RegisteredPhone): void {
    this.#doubtful.set(phone.extension, phone)
  }

  /** Asterisk was started again, and has to ask again for everybody. */
  forget(): void {
    this.#doubtful.clear()
    this.#found.clear()
    this.#tried.clear()
  }

  /** Looks at one phone, or after the last one reloads; resolves with whether it did. */
  async goOn(): Promise<'looked' | 'reloaded'> {
    const [phone] = this.#doubtful.values()
    if (phone) {
      await this.#look(phone)
      this.#doubtful.delete(phone.extension)
      return 'looked'
    }
    await this.#reload()
    return 'reloaded'
  }

  async #look(phone: RegisteredPhone): Promise<void> {
    const { log, about } = this.#deps
    const { extension } = phone
    if (!(await this.#isUntied(phone))) this.#tried.delete(extension)
    else if (!this.#tried.has(extension)) this.#found.set(extension, phone)
    else log.warn({ ...about, extension }, 'a phone stays away to Asterisk, which a restart mends')
  }

  async #reload(): Promise<void> {
    const { console, log, about } = this.#deps
    const phones: RegisteredPhone[] = []
    // Again: a state may have been on its way.
    for (const phone of this.#found.values()) {
      if (await this.#isUntied(phone)) phones.push(phone)
    }
    this.#found.clear()
    if (phones.length === 0) return
    for (const { extension } of phones) this.#tried.add(extension)
    log.warn(
      { ...about, phones: phones.length },
      'Asterisk has phones that it asked for in vain, so its res_pjsip is reloaded',
    )
    this.#isReloading = true
    try {
      await console('module reload res_pjsip.so')
    } finally {
      this.#isReloading = false
    }
    for (const phone of phones) this.doubt(phone)
  }

  async #isUntied(phone: RegisteredPhone): Promise<boolean> {
    return isUntied(await this.#deps.console(`pjsip show endpoint ${phone.extension}`), phone)
  }
}

/** By what `pjsip show endpoint` prints. */
export function isUntied(shown: string, { isQualified }: RegisteredPhone): boolean {
  const isAway = /^ Endpoint: .* Unavailable +\d+ of /m.test(shown)
  const isThere = isQualified ? / Avail / : / (?:Avail|NonQual) /
  return isAway && shown.split('\n').some((line) => /^ +Contact: /.test(line) && isThere.test(line))
}

import type { AriOptions } from './options.ts'

/** Asterisk's REST interface does not let us in, or does not do what it must. */
export class AriUnusable extends Error {
  override name = 'AriUnusable'
  code = 'ARI_UNUSABLE' as const
}

/**
 * The two things that are asked of Asterisk's REST interface (ARI). Both throw `AriUnusable`, whose
 * message says why and what to look at.
 */
export class Ari {
  readonly #options: AriOptions
  readonly #path: string
  readonly #timeoutMs: number

  /** `path` is where the options stand in the configuration. */
  constructor(options: AriOptions, path: string, timeoutMs: number) {
    this.#options = options
    this.#path = path
    this.#timeoutMs = timeoutMs
  }

  /**
   * A text that is another one after each start of Asterisk and each reload; null as long as it
   * starts: it says 503 until all modules are loaded, and 404 before ARI itself is.
   */
  async epoch(signal: AbortSignal): Promise<string | null> {
    const answer = await this.#ask('GET', 'info?only=status', undefined, signal)
    if (answer.status === 503 || answer.status === 404) return null
    const text = await answer.text()
    if (!answer.ok) throw this.#refused(answer.status)
    return text
  }

  /**
   * Writes the endpoint's own AORs into it again, which changes nothing, and makes Asterisk tell its
   * own parts that this endpoint changed. Resolves with whether there is such an endpoint.
   */
  async touchEndpoint(id: string, signal: AbortSignal): Promise<boolean> {
    const path = `config/dynamic/res_pjsip/endpoint/${encodeURIComponent(id)}`
    const answer = await this.#ask('PUT', path, aors(id), signal)
    const text = await answer.text()
    if (answer.ok) return true
    // What is not there is made instead, and Peerage takes no new endpoints.
    if (answer.status === 403 && text.includes('Cannot create')) return false
    throw this.#refused(answer.status)
  }

  async #ask(
    method: string,
    path: string,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const { url, user, password = '' } = this.#options
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    try {
      return await fetch(`${url.replace(/\/+$/, '')}/ari/asterisk/${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body }),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]),
      })
    } catch (error) {
      throw new AriUnusable(
        `nobody answers at ${url} (${reason(error)}); check ${this.#path}.url, and http.conf and ari.conf`,
        { cause: error },
      )
    }
  }

  #refused(status: number): AriUnusable {
    const { url, user } = this.#options
    if (status === 401) {
      const problem = `ARI user '${user}' refused at ${url}`
      return new AriUnusable(`${problem}; check ${this.#path}.user and its password`)
    }
    if (status === 403) {
      return new AriUnusable(`ARI user '${user}' may only read; write read_only = no in ari.conf`)
    }
    return new AriUnusable(`${url} answered ${status}; is res_ari_asterisk loaded?`)
  }
}

function aors(id: string): string {
  return JSON.stringify({ fields: [{ attribute: 'aors', value: id }] })
}

/** fetch hides what happened one level below. */
function reason(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : new Error(String(error))
  return cause instanceof Error ? cause.message || cause.name : message
}

/**
 * The lines of Asterisk's manager interface (main/manager.c): `Name: value` with CRLF behind each,
 * an empty line behind each message, and one greeting in front of all.
 */

/** Bytes. Asterisk reads a line into 1,025 of them and breaks off behind a longer one. */
const longestSent = 1000
/** Bytes. Nothing that we ask for is answered with longer ones. */
const longestLine = 65_536
const longestMessage = 1_048_576

export type AmiFields = Readonly<Record<string, string>>

/** What came is not the manager interface's language, or too much of it. */
export class AmiGarbled extends Error {
  override name = 'AmiGarbled'
  code = 'AMI_GARBLED' as const
}

/**
 * One action as it is sent. Throws `TypeError` for a value that could not stand in one line: it
 * would end the action and begin another.
 */
export function encodeAction(action: string, id: string, fields: AmiFields): string {
  const lines = Object.entries({ Action: action, ActionID: id, ...fields }).map(([name, value]) => {
    const line = `${name}: ${value}`
    if (!/^[A-Za-z]+$/.test(name) || /\p{Cc}/u.test(value)) {
      throw new TypeError(`the field '${name}' of ${action} cannot be sent to Asterisk`)
    }
    if (Buffer.byteLength(line) > longestSent) {
      throw new TypeError(`the field '${name}' of ${action} is longer than Asterisk reads`)
    }
    return `${line}\r\n`
  })
  return `${lines.join('')}\r\n`
}

/** An answer: names in lower case; a name that came several times has its values in lines. */
export type AmiAnswer = ReadonlyMap<string, string>

export type AmiReceived =
  | { readonly kind: 'greeting'; readonly version: string }
  | { readonly kind: 'answer'; readonly answer: AmiAnswer }

/** Puts what arrives together again. Events are passed over, however long they are. */
export class AmiReader {
  #rest: Buffer = Buffer.alloc(0)
  #isGreeted = false
  /** The answer that is being read; null within an event. */
  #answer: Map<string, string> | null = new Map()
  #isInside = false
  #size = 0

  /** Throws `AmiGarbled`; nothing can be read behind that. */
  read(chunk: Buffer): AmiReceived[] {
    const received: AmiReceived[] = []
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let from = 0
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
      const whole = this.#line(bytes.toString('utf8', from, end).replace(/\r$/, ''))
      if (whole) received.push(whole)
      from = end + 1
    }
    this.#rest = bytes.subarray(from)
    if (this.#rest.length > longestLine) throw new AmiGarbled('a line without an end came')
    return received
  }

  #line(line: string): AmiReceived | null {
    if (!this.#isGreeted) return this.#greeting(line)
    if (line === '') return this.#end()
    if (!this.#isInside) {
      this.#isInside = true
      this.#size = 0
      this.#answer = /^event:/i.test(line) ? null : new Map()
    }
    if (!this.#answer) return null
    this.#size += line.length
    if (this.#size > longestMessage) throw new AmiGarbled('an answer without an end came')
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase()
    const value = line.slice(colon + 1).replace(/^ /, '')
    const before = this.#answer.get(name)
    this.#answer.set(name, before === undefined ? value : `${before}\n${value}`)
    return null
  }

  #greeting(line: string): AmiReceived {
    const version = /^Asterisk Call Manager\/([\w.]{1,20})$/.exec(line)?.[1]
    if (version === undefined) throw new AmiGarbled('no greeting of an Asterisk came')
    this.#isGreeted = true
    return { kind: 'greeting', version }
  }

  #end(): AmiReceived | null {
    const answer = this.#isInside ? this.#answer : null
    this.#isInside = false
    return answer ? { kind: 'answer', answer } : null
  }
}

import { StringDecoder } from 'node:string_decoder'

/** Cuts what comes over a socket into lines. Holds at most one line that is not complete. */
export class Lines {
  readonly #longest: number
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''

  /** `longest`: characters of one line. */
  constructor(longest: number) {
    this.#longest = longest
  }

  /** The lines that are complete now; null as soon as one is too long. */
  add(chunk: Buffer): readonly string[] | null {
    const text = this.#rest + this.#decoder.write(chunk)
    const lines = text.split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > this.#longest) return null
    if (lines.some((line) => line.length > this.#longest)) return null
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  }
}

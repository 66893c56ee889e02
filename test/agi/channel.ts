import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface ChannelOptions {
  readonly port: number
  /** `caller?trunk=provider`. */
  readonly script: string
  /** `agi_` lines beside the usual ones; null leaves one out. */
  readonly environment?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** What is said to a command instead of `200 result=0`; null: nothing, ever. */
  readonly answer?: (command: string) => string | null
}

/** A call in Asterisk as far as FastAGI goes: sends its environment, obeys, remembers. */
export class Channel {
  readonly variables = new Map<string, string>()
  readonly commands: string[] = []
  readonly #socket: Socket
  readonly #closed: Promise<void>
  readonly #answer: (command: string) => string | null
  #rest = ''

  private constructor(socket: Socket, answer: (command: string) => string | null) {
    this.#socket = socket
    this.#answer = answer
    // Not `once`, which rejects when a reset comes before the end.
    this.#closed = new Promise((resolve) => void socket.on('close', () => resolve()))
    socket.setEncoding('utf8').on('error', () => undefined)
    socket.on('data', (text: string) => this.#receive(text))
  }

  /** Connects only; `write` says the rest. */
  static async connect(port: number, answer?: ChannelOptions['answer']): Promise<Channel> {
    const socket = connect(port, '127.0.0.1')
    const channel = new Channel(socket, answer ?? (() => '200 result=0'))
    await once(socket, 'connect')
    return channel
  }

  static async open(options: ChannelOptions): Promise<Channel> {
    const channel = await Channel.connect(options.port, options.answer)
    channel.write(environmentText(options))
    return channel
  }

  /** A whole session; resolves when it is closed. */
  static async run(options: ChannelOptions): Promise<Channel> {
    const channel = await Channel.open(options)
    await channel.closed()
    return channel
  }

  write(text: string | Buffer): void {
    this.#socket.write(text)
  }

  closed(): Promise<void> {
    return this.#closed
  }

  hangUp(): void {
    this.#socket.destroy()
  }

  #receive(text: string): void {
    this.#rest += text
    for (let end = this.#rest.indexOf('\n'); end !== -1; end = this.#rest.indexOf('\n')) {
      const command = this.#rest.slice(0, end)
      this.#rest = this.#rest.slice(end + 1)
      this.#obey(command)
    }
  }

  #obey(command: string): void {
    this.commands.push(command)
    const answer = this.#answer(command)
    const isRefused = answer !== null && answer.startsWith('5')
    if (!isRefused) for (const [name, value] of readMSet(command)) this.variables.set(name, value)
    if (answer !== null) this.#socket.write(`${answer}\n`)
  }
}

export function environmentText({ script, environment = {}, args = [] }: ChannelOptions): string {
  const lines = {
    network: 'yes',
    network_script: script,
    request: `agi://127.0.0.1/${script}`,
    channel: 'PJSIP/provider-00000001',
    callerid: 'unknown',
    calleridname: 'unknown',
    callingpres: '0',
    dnid: 'unknown',
    extension: '+49302312501',
    ...environment,
    ...Object.fromEntries(args.map((arg, at) => [`arg_${at + 1}`, arg])),
  }
  const text = Object.entries(lines).map(([name, value]) => `agi_${name}: ${value}\n`)
  return `${text.join('')}\n`
}

/** What `EXEC MSet "…"` sets; nothing for another command. */
export function readMSet(command: string): readonly (readonly [string, string])[] {
  const quoted = /^EXEC MSet "((?:\\.|[^"\\])*)"$/s.exec(command)?.[1]
  if (quoted === undefined) return []
  // What stands in quotes reaches MSet without the backslashes of AGI.
  return splitArguments(quoted.replaceAll(/\\(.)/gs, '$1')).map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
}

/** By commas, as `__ast_app_separate_args` of app.c does it. */
function splitArguments(text: string): readonly string[] {
  const found = ['']
  const add = (letter: string) => found.push((found.pop() ?? '') + letter)
  const depth = { '(': 0, '[': 0 }
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (letter === '"') isQuoted = !isQuoted
    else if (letter === '\\') add(text.charAt(++at))
    else if (letter === ',' && depth['('] + depth['['] === 0 && !isQuoted) found.push('')
    else {
      if (letter === '(' || letter === '[') depth[letter] += 1
      if (letter === ')') depth['('] = Math.max(0, depth['('] - 1)
      if (letter === ']') depth['['] = Math.max(0, depth['['] - 1)
      add(letter)
    }
  }
  return found
}

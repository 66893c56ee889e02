import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { AmiOptions } from '../../src/pbx/options.ts'

/**
 * A small manager interface that does whatever the test says, right or wrong. Behaves like a real
 * one unless `answer` says otherwise.
 */
export interface FakeAmi extends AsyncDisposable {
  /** For `asterisk: ami:`. */
  readonly options: AmiOptions & { readonly password: string }
  /** Every action so far but the log-in's, in order, over all connections. */
  readonly actions: readonly FakeAction[]
  /** How often somebody connected. */
  readonly connections: number
  /** Resolves when an action is there that fits, from the `after`th on. */
  arrived(fits: (action: FakeAction) => boolean, after?: number): Promise<FakeAction>
  /** To everybody who is connected. */
  say(text: string): void
  cut(): void
}

export type FakeAction = Readonly<Record<string, string>>

export interface FakeAmiOptions {
  /** Before the log-in is looked at; what it returns is sent as it is. */
  readonly greeting?: string
  /** Text to answer with, null for silence; undefined: as a real one would. */
  readonly answer?: (action: FakeAction, socket: Socket) => string | null | undefined
  /** Actions that `ListCommands` names. */
  readonly commands?: readonly string[]
  readonly password?: string
  /** Sends each byte on its own. */
  readonly isSlow?: boolean
}

export const pjsipCommands = [
  'PJSIPShowEndpoints',
  'SorceryMemoryCacheExpire',
  'SorceryMemoryCacheExpireObject',
]
export const sipCommands = ['SIPpeers', 'Command']

export async function startFakeAmi(fake: FakeAmiOptions = {}): Promise<FakeAmi> {
  const actions: FakeAction[] = []
  const listeners = new Set<() => void>()
  const sockets = new Set<Socket>()
  const password = fake.password ?? 'secret'
  let connections = 0
  const server = createServer({ noDelay: true }, (socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    const say = (text: string) => {
      if (!fake.isSlow) return void socket.write(text)
      for (const byte of Buffer.from(text)) socket.write(Buffer.of(byte))
    }
    say(fake.greeting ?? 'Asterisk Call Manager/11.0.0\r\n')
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        const action = readAction(text.slice(0, end))
        text = text.slice(end + 4)
        const own = fake.answer?.(action, socket)
        if (!['Challenge', 'Login'].includes(action['Action'] ?? '')) actions.push(action)
        const answer = own === undefined ? usualAnswer(action, password, fake) : own
        if (answer !== null) say(answer.replace('\r\n', `\r\nActionID: ${action['ActionID']}\r\n`))
        for (const listener of listeners) listener()
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    options: { host: '127.0.0.1', port, user: 'peerage', password, tls: false },
    actions,
    get connections() {
      return connections
    },
    async arrived(fits, after = 0) {
      for (;;) {
        const found = actions.slice(after).find(fits)
        if (found) return found
        const { promise, resolve } = Promise.withResolvers<void>()
        listeners.add(resolve)
        await promise
        listeners.delete(resolve)
      }
    },
    say(text) {
      for (const socket of sockets) socket.write(text)
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

const challenge = '840415273'

function usualAnswer(action: FakeAction, password: string, fake: FakeAmiOptions): string {
  switch (action['Action']) {
    case 'Challenge':
      return `Response: Success\r\nChallenge: ${challenge}\r\n\r\n`
    case 'Login': {
      const key = createHash('md5').update(`${challenge}${password}`).digest('hex')
      return action['Key'] === key || action['Secret'] === password
        ? 'Response: Success\r\nMessage: Authentication accepted\r\n\r\n'
        : 'Response: Error\r\nMessage: Authentication failed\r\n\r\n'
    }
    case 'ListCommands': {
      const named = (fake.commands ?? pjsipCommands).map(
        (name) => `${name}: It. (Priv: system,all)`,
      )
      return `${['Response: Success', ...named].join('\r\n')}\r\n\r\n`
    }
    case 'Command':
      return `Response: Success\r\nMessage: Command output follows\r\nOutput: Peer '501' pruned.\r\n\r\n`
    default:
      return 'Response: Success\r\nMessage: The provided object was expired from the cache\r\n\r\n'
  }
}

function readAction(text: string): FakeAction {
  const lines = text.split('\r\n').map((line) => /^(\w+): (.*)$/s.exec(line) ?? [line, '?', line])
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]))
}

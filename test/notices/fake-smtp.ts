import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { TLSSocket, createSecureContext } from 'node:tls'

/** A mail as it came over the wire. */
export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  /** Headers and body, the dots of transparency taken away. */
  readonly source: string
  readonly isSecure: boolean
  readonly user: string | null
}

export interface FakeSmtpOptions {
  /** Offers STARTTLS with this certificate. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
  /** Offers AUTH, and demands it. */
  readonly user?: { readonly name: string; readonly password: string }
  readonly port?: number
}

/** What the server does wrong: nothing, no greeting, or the reply to a command (`RCPT`, `DATA`). */
export type SmtpFault = null | 'silent' | { readonly command: string; readonly reply: string }

/** A small whole mail server (RFC 5321, 3207, 4954) on 127.0.0.1 that keeps what it gets. */
export interface FakeSmtp extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly mails: readonly TakenMail[]
  /** Connections so far. */
  readonly connections: number
  fault: SmtpFault
  /** Resolves when there are so many mails. */
  until(count: number): Promise<readonly TakenMail[]>
  /** Resolves when there were so many connections. */
  untilAsked(count: number): Promise<void>
}

export async function startFakeSmtp(options: FakeSmtpOptions = {}): Promise<FakeSmtp> {
  const mails: TakenMail[] = []
  const sockets = new Set<Socket>()
  const changed = new EventTarget()
  const context = options.tls && createSecureContext(await readTls(options.tls))
  let connections = 0
  const fake = {
    fault: null as SmtpFault,
    secureContext: context,
    user: options.user,
    take(mail: TakenMail) {
      mails.push(mail)
      changed.dispatchEvent(new Event('change'))
    },
  }
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    changed.dispatchEvent(new Event('change'))
    if (fake.fault !== 'silent') new Session(socket, fake).greet()
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await once(changed, 'change')
  }
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    get connections() {
      return connections
    },
    get fault() {
      return fake.fault
    },
    set fault(fault) {
      fake.fault = fault
    },
    async until(count) {
      await until(() => mails.length >= count)
      return mails
    },
    untilAsked: (count) => until(() => connections >= count),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readTls({ certFile, keyFile }: NonNullable<FakeSmtpOptions['tls']>) {
  return { cert: await readFile(certFile), key: await readFile(keyFile) }
}

interface Fake {
  readonly fault: SmtpFault
  readonly secureContext: ReturnType<typeof createSecureContext> | undefined
  readonly user: FakeSmtpOptions['user']
  take(mail: TakenMail): void
}

class Session {
  readonly #fake: Fake
  #socket: Socket
  #text = ''
  #isSecure = false
  #login: string | null = null
  #from = ''
  #to: string[] = []
  /** The lines of a mail that is on its way. */
  #data: string[] | null = null

  constructor(socket: Socket, fake: Fake) {
    this.#fake = fake
    this.#socket = socket
    this.#listen()
  }

  greet(): void {
    this.#say('220 fake.example ESMTP')
  }

  #listen(): void {
    this.#socket.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text += chunk
      for (let end; (end = this.#text.indexOf('\r\n')) >= 0;) {
        const line = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + 2)
        if (this.#data) this.#onData(line)
        else this.#onCommand(line)
      }
    })
  }

  #say(...lines: string[]): void {
    this.#socket.write(lines.map((line) => `${line}\r\n`).join(''))
  }

  #onCommand(line: string): void {
    const [word = ''] = line.split(' ')
    const command = word.toUpperCase()
    const { fault, user, secureContext } = this.#fake
    if (fault !== null && fault !== 'silent' && fault.command === command) {
      return this.#say(fault.reply)
    }
    switch (command) {
      case 'EHLO': {
        const offers = secureContext && !this.#isSecure ? ['250-STARTTLS'] : []
        return this.#say(
          '250-fake.example',
          ...offers,
          ...(user ? ['250-AUTH PLAIN'] : []),
          '250 8BITMIME',
        )
      }
      case 'STARTTLS':
        return this.#startTls()
      case 'AUTH':
        return this.#authenticate(line)
      case 'MAIL':
        if (user && this.#login === null) return this.#say('530 5.7.0 log in first')
        this.#from = addressIn(line)
        this.#to = []
        return this.#say('250 ok')
      case 'RCPT':
        this.#to.push(addressIn(line))
        return this.#say('250 ok')
      case 'DATA':
        this.#data = []
        return this.#say('354 go on')
      case 'QUIT':
        this.#say('221 bye')
        this.#socket.end()
        return
      default:
        this.#say('500 what?')
    }
  }

  #authenticate(line: string): void {
    const [, user, password] = Buffer.from(line.slice('AUTH PLAIN '.length), 'base64')
      .toString()
      .split('\0')
    const expected = this.#fake.user
    if (!expected || user !== expected.name || password !== expected.password) {
      return this.#say(`535 5.7.8 ${line.slice('AUTH PLAIN '.length)} is not it`)
    }
    this.#login = user
    this.#say('235 ok')
  }

  #startTls(): void {
    const { secureContext } = this.#fake
    if (!secureContext) return this.#say('502 no')
    this.#say('220 go on')
    this.#socket.removeAllListeners('data')
    this.#socket = new TLSSocket(this.#socket, { isServer: true, secureContext })
    this.#socket.on('error', () => {})
    this.#isSecure = true
    this.#text = ''
    this.#listen()
  }

  #onData(line: string): void {
    if (line !== '.') return void this.#data?.push(line.replace(/^\./, ''))
    const source = `${this.#data?.join('\r\n')}\r\n`
    this.#data = null
    this.#fake.take({
      from: this.#from,
      to: this.#to,
      source,
      isSecure: this.#isSecure,
      user: this.#login,
    })
    this.#say('250 taken')
  }
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? ''
}

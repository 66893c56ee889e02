import { once } from 'node:events'
import { startAsterisk } from './asterisk.ts'
import { startDs389 } from './ds389.ts'
import type { Call } from './phone-call.ts'
import { openPhone } from './phone.ts'
import { startSamba } from './samba.ts'
import { startSlapd } from './slapd.ts'

const usage = `npm run rig -- NAME     starts one of the servers that the tests run on, until Ctrl-C

  asterisk22 [URL]      Asterisk 22 (PJSIP); URL is where Peerage answers, http://127.0.0.1:8070
  asterisk16 [URL]      Asterisk 16 (chan_sip)
  slapd                 OpenLDAP with made-up people
  samba                 an Active Directory domain
  ds389                 389 Directory Server with made-up people
  phone SERVER USER SECRET [NUMBER]
                        a telephone at 127.0.0.1:PORT: takes every call, and calls NUMBER first
`

interface Running extends AsyncDisposable {
  describe(): string[]
}

async function main([name, ...rest]: readonly string[]): Promise<void> {
  const start = starters[name ?? '']
  if (start === undefined) {
    process.stderr.write(usage)
    process.exitCode = 2
    return
  }
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())
  await using running = await start(rest)
  for (const line of running.describe()) process.stdout.write(`${line}\n`)
  // Something must hold the process open: a server's own sockets are in another process.
  const open = setInterval(() => undefined, 60_000)
  if (!stopped.signal.aborted) await once(stopped.signal, 'abort')
  clearInterval(open)
}

const peerage = 'http://127.0.0.1:8070'

const starters: Readonly<Record<string, (rest: readonly string[]) => Promise<Running>>> = {
  asterisk22: ([realtime = peerage]) => startAsterisk({ version: 22, realtime }),
  asterisk16: ([realtime = peerage]) => startAsterisk({ version: 16, realtime }),
  slapd: () => startSlapd({ shortExtensions: true }),
  samba: () => startSamba(),
  ds389: () => startDs389(),
  phone: startPhone,
}

async function startPhone(rest: readonly string[]): Promise<Running> {
  const [server = '', user = '', secret = '', number] = rest
  if (secret === '') throw new Error(usage)
  const phone = await openPhone({ server, user, secret, onIncoming: (call) => void take(call) })
  try {
    const { status, reason } = await phone.register()
    const lines = [
      `${user} at udp 127.0.0.1:${phone.port}: registered with ${server}: ${status} ${reason}`,
    ]
    if (number !== undefined) void follow(await phone.call(number), `call to ${number}`)
    return { describe: () => lines, [Symbol.asyncDispose]: () => phone[Symbol.asyncDispose]() }
  } catch (cause) {
    await phone[Symbol.asyncDispose]()
    throw cause
  }
}

async function take(call: Call): Promise<void> {
  const { name, number } = call.from
  const what = `call from ${name ?? 'nobody'} <${number}>`
  process.stdout.write(`${what}: taken\n`)
  await call.answer().catch(() => undefined)
  await follow(call, what)
}

async function follow(call: Call, what: string): Promise<void> {
  try {
    await call.talking()
    const { sent, received } = await call.media()
    process.stdout.write(`${what}: talking, ${sent} packets sent, ${received} received\n`)
    await call.ended(3_600_000)
    process.stdout.write(`${what}: ended\n`)
  } catch (cause) {
    process.stdout.write(`${what}: ${cause instanceof Error ? cause.message : String(cause)}\n`)
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

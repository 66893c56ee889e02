import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { stringify } from 'yaml'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { freeAmi, freeAri, startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import { freePorts } from '../../rig/free-ports.ts'
import type { Call } from '../../rig/phone-call.ts'
import { openPhone, type Phone, type PhoneOptions } from '../../rig/phone.ts'
import { openRelay, type Relay } from '../../rig/relay.ts'
import { childEnded } from '../../rig/processes.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { entry } from '../../support/service.ts'

/** The ways in which a call may ask, each with a provider of its own. */
export const ways = ['agi', 'curl', 'realtime', 'ari'] as const
export type Way = (typeof ways)[number]

/** The ways that this version has shipped files for. */
export function waysOf(version: AsteriskVersion): readonly Way[] {
  return ways.filter((way) => version === 22 || way !== 'ari')
}

const addresses: Readonly<Record<Way, string>> = {
  agi: '127.0.0.2',
  curl: '127.0.0.3',
  realtime: '127.0.0.4',
  ari: '127.0.0.5',
}

/** A company with customers in an address book, departments, a leaver, and providers. */
export interface Company extends AsyncDisposable {
  readonly asterisk: Asterisk
  /** Somebody's telephone, registered. */
  phone(extension: string, options?: Partial<PhoneOptions>): Promise<Phone>
  /** The provider's exchange whose calls ask in this way. It takes and makes calls. */
  provider(way: Way): Phone
  /** Somebody outside who calls through that provider. */
  stranger(way: Way, number: string, name?: string): Promise<Phone>
  /** Asks Peerage as its administrator: `POST /api/…`. */
  post(path: string, body: unknown): Promise<{ readonly status: number; readonly text: string }>
  /** Calls to the phone that Asterisk knows from its own files: the last resort. */
  onReception(take: (call: Call) => void): void
  /** Ends Peerage without any farewell (SIGKILL). */
  kill(): Promise<void>
  /** What Peerage and the ARI of Asterisk say to each other. */
  readonly ariRelay: Relay
  /** Starts Peerage again; resolves when it answers. */
  start(): Promise<void>
}

const department = '+49 30 1234 400'
const person = (uid: string, id: number, name: string, more: Readonly<Record<string, string>>) =>
  entry(uid, id, { cn: name, telephoneNumber: `+49 30 1234 ${500 + id}`, ...more })

const staff = [
  person('ada', 1, 'Ada Lovelace', { facsimileTelephoneNumber: department }),
  person('zoe', 2, 'Zoë Müller', { facsimileTelephoneNumber: department }),
  person('linus', 3, 'Linus Pauling', { facsimileTelephoneNumber: department }),
  person('horst', 4, 'Horst Grün', {
    manager: 'uid=zoe,ou=people,dc=example',
    pwdAccountLockedTime: '000001010000Z',
  }),
].join('')

const customers = [
  entry('brien', 51, {
    cn: 'Siobhán "Shiv" O\'Brien',
    o: 'Brien & Daughters',
    mobile: '0170 3920018',
  }),
  entry('evil', 53, {
    cn: `Bob (Rob], "a, b=c;\${HANGUPCAUSE}$[1+1]\\<x> :) ${'"<>;${}'.repeat(60)}`,
    mobile: '0170 3920019',
  }),
  entry('acme', 52, { cn: 'Acme', o: 'Acme GmbH', telephoneNumber: '+49 89 4321-0' }),
].join('')

export async function openCompany(version: AsteriskVersion): Promise<Company> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder()).path
  await writeFile(join(folder, 'staff.ldif'), staff)
  await writeFile(join(folder, 'customers.ldif'), customers)
  const [agi = 0, web = 0, pbx = 0] = await freePorts(3)
  const ami = await freeAmi()
  const ari = await freeAri()
  const ariRelay = stack.use(await openRelay(Number(new URL(ari.url).port)))
  const throughRelay = { ...ari, url: `http://127.0.0.1:${ariRelay.port}` }
  const config = {
    site: { country: 'DE', areaCode: '30', outsidePrefix: '0', dids: '+49301234xxx -> xxx' },
    sources: {
      staff: {
        preset: 'openldap',
        ldif: './staff.ldif',
        map: { did: ['telephoneNumber', 'facsimileTelephoneNumber'], aliases: 'uid' },
      },
      customers: {
        preset: 'openldap',
        ldif: './customers.ldif',
        map: { extension: null, did: null },
      },
    },
    state: 'sqlite:./peerage.db',
    listen: { pbx: `127.0.0.1:${pbx}`, web: `127.0.0.1:${web}`, agi: `127.0.0.1:${agi}` },
    classes: { default: { context: 'internal-agi', ringSeconds: 4, voicemail: false } },
    calls: { dids: { '+49301234450': { to: ['501', '502', 'linus'], ring: 'order' } } },
    asterisk: [{ name: 'pbx1', ami, ...(version === 22 ? { ari: throughRelay } : {}) }],
    log: 'error',
  }
  const file = join(folder, 'peerage.yaml')
  await writeFile(file, stringify(config))
  let child: ChildProcess | undefined
  const kill = async () => {
    if (child) await childEnded(child, 'SIGKILL')
  }
  const start = async () => {
    child = spawn(process.execPath, [main, 'serve', '-c', file], {
      stdio: ['ignore', 'inherit', 'ignore'],
    })
    await untilAnswering(pbx)
  }
  stack.defer(kill)
  await start()

  const open = async (address: string) =>
    stack.use(await openPhone({ server: nowhere, user: 'provider', address, patienceMs: 30_000 }))
  const providers = await Promise.all(ways.map((way) => open(addresses[way])))
  let takeAtReception: (call: Call) => void = (call) => call.refuse()
  const reception = stack.use(
    await openPhone({
      server: nowhere,
      user: 'reception',
      onIncoming: (call) => takeAtReception(call),
    }),
  )
  const asterisk = stack.use(
    await startAsterisk({
      version,
      realtime: `http://127.0.0.1:${pbx}`,
      calls: { agi, web },
      ami,
      ari,
      files: trunkFile(version, reception, providers),
    }),
  )

  const opened = stack.move()
  return {
    asterisk,
    onReception: (take) => void (takeAtReception = take),
    kill,
    ariRelay,
    post: (path, body) => postTo(join(folder, 'peerage.sock'), path, body),
    start,
    provider: (way) => providers[ways.indexOf(way)] as Phone, // one was opened for each
    async phone(extension, options) {
      const secret = await secretOf(pbx, extension)
      const server = asterisk.sipServer
      const phone = await openPhone({ server, user: extension, secret, ...options })
      const { status } = await phone.register()
      if (status !== 200) throw new Error(`${extension} was not let in (${status})`)
      return phone
    },
    stranger: (way, number, name) =>
      openPhone({
        server: asterisk.sipServer,
        user: number,
        address: addresses[way],
        patienceMs: 30_000,
        ...(name === undefined ? {} : { name }),
      }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** These phones call nobody by themselves. */
const nowhere = '127.0.0.1:9'

const main = new URL('../../../bin/peerage.js', import.meta.url).pathname

async function postTo(socketPath: string, path: string, body: unknown) {
  const headers = { 'content-type': 'application/json' }
  const asked = request({ socketPath, path: `/api/${path}`, method: 'POST', headers })
  asked.end(JSON.stringify(body))
  const [answer] = (await once(asked, 'response')) as [IncomingMessage] // by node:http
  return { status: answer.statusCode ?? 0, text: await text(answer) }
}

function ask(pbx: number, family: string, extension: string): Promise<Response> {
  const body = new URLSearchParams({ id: extension })
  return fetch(`http://127.0.0.1:${pbx}/realtime/${family}/single`, { method: 'POST', body })
}

async function untilAnswering(pbx: number): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const answer = await ask(pbx, 'ps_auths', '501').catch(() => null)
    if (answer && (await answer.text()) !== '') return
    if (Date.now() > deadline) throw new Error('Peerage does not answer')
    await delay(50)
  }
}

async function secretOf(pbx: number, extension: string): Promise<string> {
  const row = await (await ask(pbx, 'ps_auths', extension)).text()
  return new URLSearchParams(row.trim().replaceAll('+', '%2B')).get('password') ?? ''
}

/** Trunks as an administrator would write them; each way has its provider and its context. */
function trunkFile(version: AsteriskVersion, reception: Phone, providers: readonly Phone[]) {
  if (version === 16) {
    const trunks = waysOf(version).map(
      (way) => `
[${way === 'agi' ? 'provider' : way}]
type = peer
host = ${addresses[way]}
port = ${providers[ways.indexOf(way)]?.port}
insecure = port,invite
context = from-trunk-${way}
disallow = all
allow = ulaw
`,
    )
    const last = `
[reception]
type = peer
host = 127.0.0.1
port = ${reception.port}
disallow = all
allow = ulaw
`
    return { 'sip_trunks.conf': [...trunks, last].join('') }
  }
  const trunks = ways.map((way) => {
    const name = way === 'agi' ? 'provider' : way
    const address = `${addresses[way]}:${providers[ways.indexOf(way)]?.port}`
    return `${endpoint(name, address, `from-trunk-${way}`)}
[${name}]
type = identify
endpoint = ${name}
match = ${addresses[way]}
`
  })
  const last = endpoint('reception', `127.0.0.1:${reception.port}`, 'internal')
  return { 'pjsip_trunks.conf': [...trunks, last].join('') }
}

function endpoint(name: string, address: string, context: string): string {
  return `
[${name}]
type = endpoint
context = ${context}
disallow = all
allow = ulaw
direct_media = no
aors = ${name}

[${name}]
type = aor
contact = sip:${address}
`
}

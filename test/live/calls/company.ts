import { stringify } from 'yaml'
import { parseConfig } from '../../../src/config/config.ts'
import { startService, type Service } from '../../../src/service.ts'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import { freePorts } from '../../rig/free-ports.ts'
import { openPhone, type Phone } from '../../rig/phone.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { entry } from '../../support/service.ts'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The ways in which a call may ask, each with a provider of its own. */
export const ways = ['agi', 'curl', 'realtime'] as const
export type Way = (typeof ways)[number]

const addresses: Readonly<Record<Way, string>> = {
  agi: '127.0.0.2',
  curl: '127.0.0.3',
  realtime: '127.0.0.4',
}

/** A company with customers in an address book, departments, a leaver, and providers. */
export interface Company extends AsyncDisposable {
  readonly asterisk: Asterisk
  readonly service: Service
  /** Somebody's telephone, registered. */
  phone(extension: string): Promise<Phone>
  /** The provider's exchange whose calls ask in this way. It takes and makes calls. */
  provider(way: Way): Phone
  /** Somebody outside who calls through that provider. */
  stranger(way: Way, number: string, name?: string): Promise<Phone>
  /** A phone that Asterisk knows from its own files: the last resort. */
  readonly reception: Phone
  kill(): Promise<void>
}

const shared = '+49 30 1234 400'
const person = (uid: string, id: number, name: string, more: Readonly<Record<string, string>>) =>
  entry(uid, id, { cn: name, telephoneNumber: `+49 30 1234 ${500 + id}`, ...more })

const staff = [
  person('ada', 1, 'Ada Lovelace', { facsimileTelephoneNumber: shared }),
  person('zoe', 2, 'Zoë Müller', { facsimileTelephoneNumber: shared }),
  person('linus', 3, 'Linus Pauling', { facsimileTelephoneNumber: shared }),
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
  entry('acme', 52, { cn: 'Acme', o: 'Acme GmbH', telephoneNumber: '+49 89 4321-0' }),
].join('')

export async function openCompany(version: AsteriskVersion): Promise<Company> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder()).path
  await writeFile(join(folder, 'staff.ldif'), staff)
  await writeFile(join(folder, 'customers.ldif'), customers)
  const [agi = 0, web = 0, pbx = 0] = await freePorts(3)
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
    state: 'sqlite::memory:',
    listen: { pbx: `127.0.0.1:${pbx}`, web: `127.0.0.1:${web}`, agi: `127.0.0.1:${agi}` },
    classes: { default: { context: 'internal-agi', ringSeconds: 4, voicemail: false } },
    log: 'error',
  }
  const file = join(folder, 'peerage.yaml')
  const service = await startService(parseConfig(stringify(config), file, {}))
  let isUp = true
  const kill = async () => {
    if (isUp) await service[Symbol.asyncDispose]()
    isUp = false
  }
  stack.defer(kill)
  await service.ready

  const open = async (address: string) =>
    stack.use(await openPhone({ server: '127.0.0.1:9', user: 'provider', address }))
  const [reception, ...providers] = await Promise.all(
    ['127.0.0.1', ...ways.map((way) => addresses[way])].map(open),
  )
  if (reception === undefined) throw new Error('no phone for the reception')
  const asterisk = stack.use(
    await startAsterisk({
      version,
      realtime: `http://127.0.0.1:${pbx}`,
      calls: { agi, web },
      files: trunkFile(version, reception, providers),
    }),
  )

  const opened = stack.move()
  return {
    asterisk,
    service,
    reception,
    kill,
    provider: (way) => providers[ways.indexOf(way)] as Phone, // one was opened for each
    async phone(extension) {
      const id = service.people.byExtension(extension)?.id ?? ''
      const secret = service.state.secrets.sip(id) ?? ''
      const phone = await openPhone({ server: asterisk.sipServer, user: extension, secret })
      const { status } = await phone.register()
      if (status !== 200) throw new Error(`${extension} was not let in (${status})`)
      return phone
    },
    stranger: (way, number, name) =>
      openPhone({
        server: asterisk.sipServer,
        user: number,
        address: addresses[way],
        ...(name === undefined ? {} : { name }),
      }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Trunks as an administrator would write them; each way has its provider and its context. */
function trunkFile(version: AsteriskVersion, reception: Phone, providers: readonly Phone[]) {
  if (version === 16) {
    const trunks = ways.map(
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

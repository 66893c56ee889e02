import { stringify } from 'yaml'
import { parseConfig } from '../../../src/config/config.ts'
import { startService, type Service } from '../../../src/service.ts'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { freeAmi, startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import { openPhone, type Phone, type PhoneOptions } from '../../rig/phone.ts'
import { openLdif, openSlapd, type Directory, type DirectoryPerson } from './directories.ts'

/** A company: its directory, a Peerage that reads it, an Asterisk that asks, and telephones. */
export interface Office extends AsyncDisposable {
  readonly asterisk: Asterisk
  readonly directory: Directory
  readonly service: Service
  /** Reads the directory now. */
  sync(): Promise<void>
  /** One realtime row, asked for as Asterisk does. */
  row(family: string, question: Readonly<Record<string, string>>): Promise<URLSearchParams>
  /** A telephone that is set up with the person's secret, and registered. */
  phone(person: DirectoryPerson, options?: Partial<PhoneOptions>): Promise<Phone>
  /** A telephone as somebody sets it up who knows only what is given. */
  strangePhone(options: Omit<PhoneOptions, 'server'>): Promise<Phone>
  /** The provider's exchange: known to Asterisk by its address alone. */
  trunk(caller: string): Promise<Phone>
}

export const ada: DirectoryPerson = {
  uid: 'ada',
  name: 'Ada Lovelace',
  extension: '501',
  sharedNumber: '+49 30 1234 400',
}
export const zoe: DirectoryPerson = {
  uid: 'zoe',
  name: 'Zoë Müller',
  extension: '502',
  sharedNumber: '+49 30 1234 400',
}
export const linus: DirectoryPerson = { uid: 'linus', name: 'Linus Pauling', extension: '503' }

export const initialPin = '1111'
export const ringSeconds = 2

/** Of the phone `reception` that stands in a configuration file of Asterisk 22. */
export const handmadeSecret = 'written-by-hand'

const providerAddress = '127.0.0.2'

// Test-only, in the file that the shipped configuration leaves for them.
const trunkFiles: Readonly<Record<AsteriskVersion, Readonly<Record<string, string>>>> = {
  22: {
    'pjsip_trunks.conf': `
[provider]
type = endpoint
context = from-trunk
disallow = all
allow = ulaw
direct_media = no

[provider]
type = identify
endpoint = provider
match = ${providerAddress}

[reception]
type = endpoint
context = internal
disallow = all
allow = ulaw
auth = reception
aors = reception
direct_media = no

[reception]
type = auth
auth_type = digest
username = reception
password = ${handmadeSecret}
supported_algorithms_uas = SHA-256
supported_algorithms_uac = SHA-256

[reception]
type = aor
max_contacts = 1
`,
  },
  16: {
    'sip_trunks.conf': `
[provider]
type = peer
host = ${providerAddress}
insecure = port,invite
context = from-trunk
disallow = all
allow = ulaw
`,
  },
}

/** PJSIP reads its people from OpenLDAP, chan_sip from an LDIF file. */
export async function openOffice(version: AsteriskVersion): Promise<Office> {
  await using stack = new AsyncDisposableStack()
  const people = [ada, zoe, linus]
  const directory = stack.use(await (version === 22 ? openSlapd(people) : openLdif(people)))
  const ami = await freeAmi()
  const config = {
    site: { country: 'DE', areaCode: '30', dids: '+49301234xxx -> xxx' },
    sources: {
      office: {
        preset: 'openldap',
        ...directory.source,
        map: { did: 'facsimileTelephoneNumber', aliases: 'uid' },
        secrets: { pin: { initial: initialPin } },
        leavers: { grace: '0h' },
      },
    },
    state: 'sqlite::memory:',
    listen: { pbx: '127.0.0.1:0', web: '127.0.0.1:0' },
    classes: { default: { ringSeconds } },
    asterisk: [{ name: 'pbx', ami }],
    log: 'error',
  }
  const service = stack.use(await startService(parseConfig(stringify(config), 'office.yaml', {})))
  await service.ready
  const realtime = `http://${service.pbx.host}:${service.pbx.port}`
  const files = trunkFiles[version]
  const asterisk = stack.use(await startAsterisk({ version, realtime, files, ami }))
  await service.asterisks.settled()

  async function row(family: string, question: Readonly<Record<string, string>>) {
    const response = await fetch(`${realtime}/realtime/${family}/single`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(question),
    })
    // A plus is a plus here, not a space.
    return new URLSearchParams((await response.text()).trim().replaceAll('+', '%2B'))
  }
  const strangePhone = (options: Omit<PhoneOptions, 'server'>) =>
    openPhone({ ...options, server: asterisk.sipServer })

  const opened = stack.move()
  return {
    asterisk,
    directory,
    service,
    row,
    strangePhone,
    async sync() {
      const runs = await service.sync()
      for (const { outcome, error } of runs) if (outcome !== 'done') throw new Error(String(error))
    },
    async phone({ extension }, options = {}) {
      const secret = (await row('ps_auths', { id: extension })).get('password') ?? ''
      const phone = await strangePhone({ user: extension, secret, ...options })
      const { status } = await phone.register()
      if (status === 200) return phone
      await phone[Symbol.asyncDispose]()
      throw new Error(`${extension} was not let in (${status})`)
    },
    trunk: (caller) => strangePhone({ user: caller, address: providerAddress }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

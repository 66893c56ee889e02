import { type FakeSmtp, startFakeSmtp } from '../../notices/fake-smtp.ts'
import { type Samba, startSamba } from '../../rig/samba.ts'
import { type Office, openOfficeAt } from './office.ts'
import { extensions } from './office-people.ts'

/** Peerage in front of a real Active Directory domain controller (Samba), and a mail server. */
export interface SambaOffice extends Office {
  readonly domain: SambaDomain
  readonly smtp: FakeSmtp
}

/** A domain controller with 300 people, which all offices share since its ports are fixed. */
export interface SambaDomain extends AsyncDisposable {
  readonly samba: Samba
  /** Backups: of when it had the first 150 only, and of when it had all. */
  readonly half: string
  readonly whole: string
}

export async function startSambaDomain(): Promise<SambaDomain> {
  await using stack = new AsyncDisposableStack()
  const samba = stack.use(await startSamba())
  await samba.tool('domain', 'passwordsettings', 'set', '--account-lockout-threshold=3')
  const [first, second] = [extensions.slice(0, 150), extensions.slice(150)]
  await samba.modify(first.map((extension) => userLdif(samba, extension)).join('\n'))
  const half = await samba.backup()
  await samba.modify(second.map((extension) => userLdif(samba, extension)).join('\n'))
  const whole = await samba.backup()
  const running = stack.move()
  return { samba, half, whole, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

export async function openSambaOffice(domain: SambaDomain): Promise<SambaOffice> {
  await using stack = new AsyncDisposableStack()
  const { samba } = domain
  const smtp = stack.use(await startFakeSmtp())
  const hired: string[] = []
  stack.defer(async () => {
    const gone = hired.map((each) => `dn: ${userDn(samba, each)}\nchangetype: delete\n`)
    if (gone.length > 0) await samba.modify(gone.join('\n'))
  })
  const directory = {
    port: 636,
    protection: 'ldaps' as const,
    source: [
      'preset: active-directory',
      `caFile: "${samba.caFile}"`,
      `serverName: "${samba.serverName}"`,
      `base: "${samba.suffix}"`,
      `bind: { user: "${samba.bindUser}", password: "${samba.bindPassword}" }`,
      'pollMs: 200',
      // People without a password are disabled from the beginning.
      'map: { disabled: null }',
    ].join('\n    '),
    replicas: [],
    patienceMs: 5000,
    async hire(extension: string) {
      hired.push(extension)
      await samba.modify(userLdif(samba, extension))
    },
    kill: () => samba.kill(),
    start: () => samba.start(),
  }
  const top = `mail: { to: telephony@example.org, from: pbx@example.org, smtp: "${smtp.url}" }`
  const office = stack.use(await openOfficeAt(directory, { top }))
  const opened = stack.move()
  const close = () => opened.disposeAsync()
  return Object.assign(office, { domain, smtp, [Symbol.asyncDispose]: close })
}

function userDn({ usersBase }: Samba, extension: string): string {
  return `CN=Person ${extension},${usersBase}`
}

function userLdif(samba: Samba, extension: string): string {
  return [
    `dn: ${userDn(samba, extension)}`,
    'changetype: add',
    'objectClass: user',
    `sAMAccountName: u${extension}`,
    `displayName: Person ${extension}`,
    `ipPhone: ${extension}`,
    '',
  ].join('\n')
}

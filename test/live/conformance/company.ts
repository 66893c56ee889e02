import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import { freePorts } from '../../rig/free-ports.ts'
import { openPhone, type Phone } from '../../rig/phone.ts'
import { entry, startTestService, type TestService } from '../../support/service.ts'
import { startRecorder, type Recorder } from './recorder.ts'

/** A company whose Asterisk asks for everything over realtime, with nothing remembered. */
export interface Company extends AsyncDisposable {
  readonly version: AsteriskVersion
  readonly asterisk: Asterisk
  readonly recorder: Recorder
  readonly service: TestService
  readonly iaxPort: number
  secret(extension: string): string
  /** `user`: what the phone calls itself, when that is not the whole extension. */
  phone(extension: string, user?: string): Promise<Phone>
  trunk(): Promise<Phone>
  /** Lets Asterisk ask for one more family or file, after a restart. */
  map(name: string): Promise<void>
  /** Runs the dialplan of `[probe]`. */
  probe(exten: string): Promise<void>
}

const shipped = fileURLToPath(new URL('../../../asterisk/', import.meta.url))
const sales = { memberOf: 'cn=Sales,ou=groups,dc=example' }
const main = { facsimileTelephoneNumber: '+49 30 2312 570' }
export const hostileName = '${SHELL(id)}"; Müller, <Zoë>'

const ldif = [
  entry('ada', 1, { cn: 'Ada', telephoneNumber: '501', mobile: '+49 171 1234567', ...main }),
  entry('zoe', 2, {
    cn: hostileName,
    telephoneNumber: '502',
    mobile: '+49 171 7654321',
    ...sales,
    ...main,
  }),
  entry('linus', 3, { cn: 'Linus', telephoneNumber: '503', memberOf: 'cn=Digest,dc=example' }),
  entry('gone', 4, { telephoneNumber: '504', pwdAccountLockedTime: '000001010000Z', ...sales }),
  entry('tess', 5, { cn: 'Tess', description: '505@tenant.example' }),
].join('')

function configOf(version: AsteriskVersion): string {
  const [auth, channel] = version === 22 ? ['digest', 'PJSIP'] : ['md5', 'SIP']
  return `
classes:
  default:
    ringSeconds: 2
    sharedDid: order
    variables: { TENANT: one, FLOOR: "2" }
    aor: { minimum_expiration: 1 }
  digest: { when: { group: Digest }, auth: ${auth}, callGroup: first-digit }
queues: { sales: { group: Sales, extension: "600", interface: "${channel}/{extension}" } }
domainAliases: { 127.0.0.1: tenant.example }
dialplan: { domains: { tenant.example: tenant } }
trunks: { provider: [127.0.0.2] }
`
}

const source =
  'map: { extension: [description, telephoneNumber], did: facsimileTelephoneNumber, mobile: mobile }, secrets: { pin: { initial: "1111" } }'

export async function openCompany(version: AsteriskVersion): Promise<Company> {
  await using stack = new AsyncDisposableStack()
  const service = stack.use(await startTestService({ ldif, source, yaml: configOf(version) }))
  const { people, state, pbx } = service.service
  const recorder = stack.use(await startRecorder(`http://127.0.0.1:${pbx.port}`))
  const [iaxPort = 0] = await freePorts(1)
  const secret = (extension: string) =>
    state.secrets.sip(people.byExtension(extension)?.id ?? '') ?? ''
  const files = await filesOf(version, recorder.url, iaxPort, secret('501'))
  const asterisk = stack.use(await startAsterisk({ version, realtime: recorder.url, files }))
  if (version === 22) {
    const file = join(asterisk.folder, 'etc/pjsip.conf')
    const text = await readFile(file, 'utf8')
    const changed = text
      .replace('disable_multi_domain = yes', 'disable_multi_domain = no')
      .replace('check_interval = 30', 'check_interval = 1')
    await writeFile(file, changed)
    await asterisk.restart()
  }
  const opened = stack.move()
  return {
    version,
    asterisk,
    recorder,
    service,
    iaxPort,
    secret,
    phone: async (extension, user = extension) => {
      const phone = await openPhone({
        server: asterisk.sipServer,
        user,
        secret: secret(extension),
      })
      const { status } = await phone.register()
      if (status === 200) return phone
      await phone[Symbol.asyncDispose]()
      throw new Error(`${extension} was not let in (${status})`)
    },
    trunk: () => openPhone({ server: asterisk.sipServer, user: '+4989555', address: '127.0.0.2' }),
    async map(name) {
      const file = join(asterisk.folder, 'etc/extconfig.conf')
      const line = `${name} => curl,${recorder.url}/realtime/${name}\n`
      await writeFile(file, (await readFile(file, 'utf8')) + line)
      await asterisk.restart()
    },
    async probe(exten) {
      await asterisk.cli(`channel originate Local/${exten}@probe application Wait 0`)
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const families: Readonly<Record<AsteriskVersion, string>> = {
  22: 'ps_endpoints ps_auths ps_aors ps_contacts ps_domain_aliases ps_endpoint_id_ips',
  16: 'sippeers',
}
const bothAsk =
  'iaxpeers iaxusers extensions voicemail queues queue_members musiconhold meetme callerid'

async function filesOf(version: AsteriskVersion, url: string, iaxPort: number, secret: string) {
  const ship = (name: string) => readFile(join(shipped, String(version), name), 'utf8')
  const mapped = `${families[version]} ${bothAsk}`.split(' ')
  return {
    'extconfig.conf': `[settings]\n${mapped.map((name) => `${name} => curl,${url}/realtime/${name}`).join('\n')}\n`,
    'modules.conf': `${await ship('modules.conf')}
load = chan_iax2.so
load = func_config.so
load = res_clioriginate.so
`,
    'iax.conf': `[general]
bindport = ${iaxPort}
bindaddr = 127.0.0.1
calltokenoptional = 0.0.0.0/0.0.0.0
autokill = yes
register => 501:${secret}@127.0.0.1:${iaxPort}
`,
    'extensions.conf': `${await ship('extensions.conf')}
[probe]
exten => callerid,1,Verbose(1,NAME=\${REALTIME_FIELD(callerid,number,01717654321,name)}.)
exten => file,1,Verbose(1,FILE=\${AST_CONFIG(users.conf,502,fullname)}.)
exten => pattern,1,Goto(patterns,577,1)
exten => tenant,1,Goto(tenant,505,1)
[tenant]
switch => Realtime/tenant@extensions
[patterns]
switch => Realtime/internal@extensions
`,
    ...(version === 22 ? filesOf22 : filesOf16),
  }
}

const filesOf22 = {
  'sorcery.conf': `[res_pjsip]
endpoint = config,pjsip.conf,criteria=type=endpoint
endpoint = realtime,ps_endpoints
auth = realtime,ps_auths
aor = realtime,ps_aors
contact = realtime,ps_contacts
domain_alias = realtime,ps_domain_aliases
[res_pjsip_endpoint_identifier_ip]
identify = realtime,ps_endpoint_id_ips
`,
  'pjsip_trunks.conf': `[provider]
type = endpoint
context = from-trunk
disallow = all
allow = ulaw
direct_media = no
`,
}

const filesOf16 = {
  'sip_trunks.conf': `[provider]
type = peer
host = 127.0.0.2
insecure = port,invite
context = from-trunk
disallow = all
allow = ulaw
`,
}

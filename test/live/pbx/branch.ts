import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openPhone, type Phone, type PhoneOptions } from '../../rig/phone.ts'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { freeAmi, startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import { freePorts } from '../../rig/free-ports.ts'
import { entry, startTestService, type TestService } from '../../support/service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** A branch office: an LDIF file that names the secrets, a Peerage, an Asterisk that is told. */
export interface Branch extends AsyncDisposable {
  readonly asterisk: Asterisk
  readonly company: () => TestService
  /** Writes the directory and reads it. */
  change(people: readonly Somebody[]): Promise<void>
  /** Resolves when Asterisk has been told of everything. */
  told(): Promise<void>
  phone(person: Somebody, options?: Partial<PhoneOptions>): Promise<Phone>
  stopPeerage(): Promise<void>
  startPeerage(people?: readonly Somebody[], password?: string): Promise<void>
}

export interface Somebody {
  readonly id: number
  readonly extension: string
  readonly name: string
  readonly secret: string
}

export const ada: Somebody = { id: 1, extension: '501', name: 'Ada Lovelace', secret: 'ada-one' }
export const zoe: Somebody = { id: 2, extension: '502', name: 'Zoe Muller', secret: 'zoe-one' }
export const linus: Somebody = { id: 3, extension: '503', name: 'Linus Pauling', secret: 'linus-1' }
export const everybody = [ada, zoe, linus]

/**
 * What a cache may remember has no end here: only being told makes Asterisk ask again. And a queue,
 * 900, that rings everybody.
 */
async function filesFor(version: AsteriskVersion): Promise<Record<string, string>> {
  if (version === 16) return { 'sip_trunks.conf': 'rtcachefriends = yes\nrtsavesysname = no\n' }
  return {
    'sorcery.conf': await shipped('sorcery.conf', ',object_lifetime_maximum=86400', ''),
    'modules.conf': await shipped(
      'modules.conf',
      'load = app_voicemail.so',
      'load = app_voicemail.so\nload = app_queue.so',
    ),
    'extensions.conf': await shipped(
      'extensions.conf',
      '[internal]',
      '[internal]\nexten => 901,1,Verbose(1,site ${SITE} of ${TENANT})\n same => n,Hangup()\nexten => 900,1,Queue(everybody,,,,20)\n same => n,Hangup()',
    ),
    'queues.conf': `[everybody]
strategy = ringall
joinempty = no
${everybody.map(({ extension }) => `member => PJSIP/${extension}`).join('\n')}
`,
  }
}

async function shipped(name: string, text: string, instead: string): Promise<string> {
  const file = fileURLToPath(new URL(`../../../asterisk/22/${name}`, import.meta.url))
  const whole = await readFile(file, 'utf8')
  if (!whole.includes(text)) throw new Error(`${file}: the test expects ${text} in it`)
  return whole.replaceAll(text, instead)
}

export interface BranchOptions {
  readonly people?: readonly Somebody[]
  /** Further options of everybody's class, as YAML. */
  readonly everybodyHas?: string
}

export async function openBranch(
  version: AsteriskVersion,
  { people: atFirst = everybody, everybodyHas = '' }: BranchOptions = {},
): Promise<Branch> {
  await using stack = new AsyncDisposableStack()
  const { path: folder } = stack.use(await temporaryFolder())
  const [port = 0] = await freePorts(1)
  const ami = await freeAmi()
  let company: TestService | undefined
  stack.defer(() => company?.[Symbol.asyncDispose]())

  async function startPeerage(people = atFirst, password = ami.password): Promise<void> {
    company = await startTestService({
      folder,
      ldif: ldifOf(people),
      state: '"sqlite:./peerage.db"',
      source: 'secrets: { sip: { from: employeeNumber } }',
      pbx: `127.0.0.1:${port}`,
      yaml: `
asterisk: [${JSON.stringify({ name: 'pbx', ami: { ...ami, password } })}]
listEverybody: false
classes: { default: { qualifySeconds: 2, ringSeconds: 2, variables: { SITE: Berlin, TENANT: a b }, ${everybodyHas} } }
`,
    })
  }
  await startPeerage()
  const running = (): TestService => {
    if (!company) throw new Error('Peerage is not running')
    return company
  }
  const realtime = `http://127.0.0.1:${port}`
  const files = await filesFor(version)
  const asterisk = stack.use(await startAsterisk({ version, realtime, files, ami }))
  const told = () => running().service.asterisks.settled()
  await told()
  const opened = stack.move()
  return {
    asterisk,
    company: running,
    told,
    change: (people) => running().change(ldifOf(people)),
    phone: ({ extension, secret }, options = {}) =>
      openPhone({ user: extension, secret, server: asterisk.sipServer, ...options }),
    async stopPeerage() {
      await company?.[Symbol.asyncDispose]()
      company = undefined
    },
    startPeerage,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

export function ldifOf(people: readonly Somebody[]): string {
  return people
    .map(({ id, extension, name, secret }) =>
      entry(`p${id}`, id, { cn: name, telephoneNumber: extension, employeeNumber: secret }),
    )
    .join('')
}

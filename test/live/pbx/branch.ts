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

/** What a cache may remember has no end here: only being told makes Asterisk ask again. */
async function filesFor(version: AsteriskVersion): Promise<Record<string, string>> {
  if (version === 16) return { 'sip_trunks.conf': 'rtcachefriends = yes\nrtsavesysname = no\n' }
  const shipped = fileURLToPath(new URL('../../../asterisk/22/sorcery.conf', import.meta.url))
  const text = await readFile(shipped, 'utf8')
  const endless = text.replaceAll(',object_lifetime_maximum=86400', '')
  if (endless === text) throw new Error(`${shipped}: the test expects a cache in it`)
  return { 'sorcery.conf': endless }
}

export async function openBranch(version: AsteriskVersion): Promise<Branch> {
  await using stack = new AsyncDisposableStack()
  const { path: folder } = stack.use(await temporaryFolder())
  const [port = 0] = await freePorts(1)
  const ami = await freeAmi()
  let company: TestService | undefined
  stack.defer(() => company?.[Symbol.asyncDispose]())

  async function startPeerage(people = everybody, password = ami.password): Promise<void> {
    company = await startTestService({
      folder,
      ldif: ldifOf(people),
      state: '"sqlite:./peerage.db"',
      source: 'secrets: { sip: { from: employeeNumber } }',
      pbx: `127.0.0.1:${port}`,
      yaml: `asterisk: [{ name: pbx, ami: ${JSON.stringify({ ...ami, password })} }]`,
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

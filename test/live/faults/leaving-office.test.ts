import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Service, startService } from '../../../src/service.ts'
import { parseConfig } from '../../../src/config/config.ts'
import { openLogger } from '../../../src/logger.ts'
import { type FakeSmtp, startFakeSmtp } from '../../notices/fake-smtp.ts'
import { readMail } from '../../notices/read-mail.ts'
import { type Slapd, startSlapd } from '../../rig/slapd.ts'
import { runPeerage } from '../../support/process.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const suffix = 'dc=example,dc=org'
const unit = `ou=Berlin,${suffix}`
/** Who stays, and the 300 of the unit that is deleted. */
const staying = Array.from({ length: 200 }, (_, index) => String(1000 + index))
const leaving = Array.from({ length: 300 }, (_, index) => String(2000 + index))

function person(extension: string, below: string): string {
  return `dn: uid=u${extension},${below}
objectClass: inetOrgPerson
uid: u${extension}
cn: Person ${extension}
sn: ${extension}
telephoneNumber: ${extension}
entryUUID: 00000000-0000-4000-8000-${extension.padStart(12, '0')}
`
}

const ldif = [
  `dn: ${unit}\nobjectClass: organizationalUnit\nou: Berlin\n`,
  ...staying.map((extension) => person(extension, `ou=people,${suffix}`)),
  ...leaving.map((extension) => person(extension, unit)),
].join('\n')

let stack: AsyncDisposableStack
let slapd: Slapd
let smtp: FakeSmtp
let service: Service
let folder: string

function yaml(source = ''): string {
  return `
site: { country: DE, extensionLength: 4 }
sources:
  office:
    preset: openldap
    servers: ["${slapd.url}"]
    tls: none
    base: "${suffix}"
    bind: { user: "${slapd.bindDn}", password: "${slapd.bindPassword}" }
    leavers: { grace: 0h }
    schedule: "0 0 1 1 *"
    ${source}
mail: { to: telephony@example.org, from: pbx@example.org, smtp: "${smtp.url}" }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
state: "sqlite:./peerage.db"
log: silent
`
}

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  slapd = stack.use(await startSlapd({ people: ldif }))
  smtp = stack.use(await startFakeSmtp())
  folder = stack.use(await temporaryFolder()).path
  await writeFile(join(folder, 'peerage.yaml'), yaml())
  const config = parseConfig(yaml(), join(folder, 'peerage.yaml'), {})
  service = stack.use(await startService(config, { log: openLogger('silent') }))
  await service.ready
})

afterEach(() => stack.disposeAsync())

/** `ldapdelete -r`: first the people, then the unit. */
async function deleteUnit(): Promise<string> {
  const backup = await slapd.dump()
  const gone = [...leaving.map((extension) => `uid=u${extension},${unit}`), unit]
  await slapd.modify(gone.map((dn) => `dn: ${dn}\nchangetype: delete\n`).join('\n'))
  await service.sync()
  return backup
}

const answered = (extensions: readonly string[]) =>
  extensions.filter((extension) => service.people.byExtension(extension)).length

/** `peerage …` beside the running service. */
async function peerage(...args: string[]): Promise<string> {
  return (await runPeerage(args, folder)).text
}

async function held(): Promise<number> {
  await deleteUnit()
  return service.syncs[0]?.heldPlan ?? expect.fail('nothing is held')
}

test('a unit of 300 people is deleted: held, mailed and shown, and everybody is still answered', async () => {
  const plan = await held()
  expect(answered(leaving)).toBeGreaterThanOrEqual(275)
  const [taken] = await smtp.until(1)
  const { headers, text } = readMail(taken ?? expect.fail('no mail'))
  expect(headers.get('subject')).toMatch(
    new RegExp(
      `^Peerage: office: plan ${plan} is held: \\d+ people to remove( \\(\\d+ with \\d+ announced before\\))?, 25 are allowed$`,
    ),
  )
  expect(text).toMatch(/\d+ extensions would reach nobody any more\./)
  expect(text).toContain(`peerage approve ${plan}`)
  const shown = await peerage('plans', String(plan))
  expect(shown).toMatch(/- Person 2\d\d\d 2\d\d\d: disabled \(answered nowhere\)/)
  expect(shown).toMatch(/extension 2\d\d\d +Person 2\d\d\d → nobody/)
})

test('approve applies it', async () => {
  const plan = await held()
  expect(await peerage('approve', String(plan))).toContain(`plan ${plan} is applied`)
  expect([answered(staying), answered(leaving)]).toEqual([200, 0])
  expect(await peerage('plans')).toContain(`${plan}  approved`)
})

test('reject keeps everybody, also at later reads', async () => {
  const plan = await held()
  const before = answered(leaving)
  expect(await peerage('reject', String(plan))).toContain('people stay as they are')
  await service.sync()
  expect([answered(staying), answered(leaving)]).toEqual([200, before])
  expect(service.syncs[0]?.heldPlan).toBeNull()
})

test('an undo in the directory makes the plan vanish', async () => {
  const backup = await deleteUnit()
  const plan = service.syncs[0]?.heldPlan
  await slapd.restore(backup)
  await expect
    .poll(async () => {
      await service.sync()
      return answered(leaving)
    })
    .toBe(300)
  expect(service.syncs[0]?.heldPlan).toBeNull()
  expect(await peerage('plans')).toContain(`${plan}  gone`)
})

test('peerage plan --config tells who a filter edit would cost, and changes nothing', async () => {
  const filter = 'filter: "(&(objectClass=inetOrgPerson)(!(uid=u11*)))"'
  await writeFile(join(folder, 'new.yaml'), yaml(filter))
  const text = await peerage('plan', '--config', 'new.yaml')
  expect(text).toContain('against the people of the running service')
  expect(text).toContain('would be held: 100 to remove, 25 are allowed')
  const would = staying.filter((extension) => extension.startsWith('11'))
  expect(Array.from(text.matchAll(/^ {2}- Person (\d+)/gm), ([, one]) => one)).toEqual(would)
  const silent = Array.from(
    text.matchAll(/extension (\d+) +Person \d+ → nobody/g),
    ([, one]) => one,
  )
  expect(silent.toSorted()).toEqual(would)
  expect(await peerage('plans')).toContain('no plan was ever held')
  await service.sync()
  expect([answered(staying), answered(leaving)]).toEqual([200, 300])
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Samba, startSamba } from '../../rig/samba.ts'
import { type Case, printMatrix, row, signInMatrix } from './matrix.ts'

let samba: Samba

const states = [
  'active',
  'disabled here',
  'disabled there since',
  'account expired since',
  'must change',
  'locked by wrong passwords',
  'left since',
  'outside the filter since',
] as const
const cases = states.map((state, at): Case => {
  const user = `p${at}`
  const mail = `first.${user}@example.com`
  return { state, user, mail, extension: String(501 + at), password: 'Passw0rd!A' }
})
const nobody = { user: 'nobody', mail: 'nobody@example.com', extension: '599' }

const addLeaver = () =>
  samba.addUser({ name: 'p6', attributes: attributesOf(cases[6]?.mail ?? '', '507') })

function attributesOf(mail: string, ipPhone: string) {
  return { mail: [mail], ipPhone: [ipPhone], department: ['Sales'] }
}

beforeAll(async () => {
  samba = await startSamba()
  for (const { user, mail, extension } of cases) {
    await samba.addUser({ name: user, attributes: attributesOf(mail, extension) })
  }
  await samba.tool(
    'user',
    'setpassword',
    'p4',
    '--newpassword=Passw0rd!A',
    '--must-change-at-next-login',
  )
})
afterAll(() => samba?.[Symbol.asyncDispose]())

test('signing in against Active Directory: every mode, spelling, state of a person and of the directory', async () => {
  const change = (user: string, lines: string) =>
    samba.modify(`dn: CN=${user},${samba.usersBase}\nchangetype: modify\n${lines}\n`)
  const { rows, attempts } = await signInMatrix({
    source: {
      preset: 'active-directory',
      servers: [samba.ldapsUrl],
      caFile: samba.caFile,
      serverName: samba.serverName,
      base: samba.suffix,
      filter: '(&(objectCategory=person)(objectClass=user)(department=Sales))',
      bind: { user: samba.bindUser, password: samba.bindPassword },
      changes: 'off',
      map: { aliases: 'mail' },
    },
    domain: 'rig.example',
    short: 'RIG',
    cases: [...cases, { state: 'nobody', ...nobody, password: 'Passw0rd!A' }],
    async afterImport({ service }) {
      const id = service.people.byExtension('502')?.id ?? ''
      await service.syncs[0]?.decide(id, 'disable')
      await samba.disable('p2')
      await change('p3', 'replace: accountExpires\naccountExpires: 132000000000000000')
      await lock('p5')
      await samba.tool('user', 'delete', 'p6')
      await change('p7', 'replace: department\ndepartment: Production')
    },
    async undoImport() {
      await samba.tool('user', 'enable', 'p2')
      await change('p3', 'replace: accountExpires\naccountExpires: 0')
      await samba.tool('user', 'unlock', 'p5')
      await addLeaver()
      await change('p7', 'replace: department\ndepartment: Sales')
    },
    stop: () => samba.kill(),
    start: () => samba.start(),
    freeze: () => process.kill(-samba.pid, 'SIGSTOP'),
    thaw: () => process.kill(-samba.pid, 'SIGCONT'),
  })
  printMatrix('Active Directory (Samba)', rows)
  process.stdout.write(`  ${attempts} attempts\n`)
  expect(Object.fromEntries(rows)).toEqual({
    active: row('wrong/right', 'right/wrong'),
    'disabled here': row('wrong/disabled', 'disabled/wrong'),
    'disabled there since': row('wrong/right', 'disabled/wrong'),
    'account expired since': row('wrong/right', 'expired/wrong'),
    'must change': row('wrong/right', 'must-change/wrong'),
    'locked by wrong passwords': row('wrong/right', 'locked/locked'),
    'left since': row('wrong/right', 'wrong/wrong'),
    'outside the filter since': row('wrong/right', 'wrong/wrong'),
    nobody: row('wrong/wrong', 'wrong/wrong'),
  })
}, 240_000)

/** As three wrong passwords of somebody would; the others' wrong PINs must not lock anybody. */
async function lock(user: string): Promise<void> {
  await samba.modify(
    `dn: CN=${user},${samba.usersBase}\nchangetype: modify\nreplace: lockoutTime\nlockoutTime: ${(BigInt(Date.now()) + 11_644_473_600_000n) * 10_000n}\n`,
  )
}

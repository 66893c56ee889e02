import assert from 'node:assert/strict'
import { operations } from '../../rig/wire.ts'
import { killedAt } from './disturbed-read.ts'
import type { Ds389Office } from './ds389-office.ts'
import type { Fault } from './survive.ts'

/** What a 389 Directory Server does in ways of its own. */
export const ds389Faults: readonly Fault<Ds389Office>[] = [
  {
    name: '389-ds: killed in mid-page',
    named: /not complete: .*(connection broke|closed the connection)/,
    strike: (office) => killedAt(office, operations.searchEntry, 150),
    mend: ({ directory }) => directory.start(),
  },
  {
    name: '389-ds: wrong password after a good day',
    named: /bind: uid=svc.* is refused: invalid credentials.*check sources\.office\.bind/,
    async strike(office) {
      await setPassword(office, 'another')
      assert.equal((await office.read()).outcome, 'failed')
    },
    mend: (office) => setPassword(office, office.server.ds389.bindPassword),
  },
  {
    name: '389-ds: restarted in persistent search',
    named: /the connection for changes is made again/,
    async strike({ directory, untilAnswered }) {
      await directory.hire('2001')
      await untilAnswered('2001')
      await directory.kill()
      await directory.start()
      await directory.hire('2002')
      await untilAnswered('2002')
    },
  },
  {
    name: '389-ds: restored from when it had half the people',
    named: /plan 1 is held: it would have 150 people gone, 25 are allowed/,
    async strike(office) {
      const { ds389, half } = office.server
      await ds389.restore(half)
      assert.equal((await office.read()).outcome, 'held')
    },
    mend: ({ server }) => server.ds389.restore(server.whole),
  },
]

function setPassword({ server }: Ds389Office, password: string): Promise<void> {
  const { ds389 } = server
  return ds389.modify(
    `dn: ${ds389.bindDn}\nchangetype: modify\nreplace: userPassword\nuserPassword: ${password}\n`,
  )
}

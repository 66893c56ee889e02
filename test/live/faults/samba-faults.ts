import assert from 'node:assert/strict'
import { Client } from 'ldapts'
import { readMail } from '../../notices/read-mail.ts'
import { killedAfter } from './disturbed-read.ts'
import type { SambaOffice } from './samba-office.ts'
import type { Fault } from './survive.ts'

/** What a domain controller does in ways of its own. */
export const sambaFaults: readonly Fault<SambaOffice>[] = [
  {
    name: 'Active Directory: killed in mid-page',
    named: /not complete: .*(connection broke|closed the connection)/,
    strike: (office) => killedAfter(office, 40_000),
    mend: ({ domain }) => domain.samba.start(),
  },
  {
    name: 'Active Directory: account locked after a good day',
    named: /bind: svc@rig\.example is refused: the account is locked .*data 775/,
    async strike(office) {
      await lockOut(office)
      assert.equal((await office.read()).outcome, 'failed')
      const [taken] = await office.smtp.until(1)
      assert.ok(taken, 'no mail')
      const { headers, text } = readMail(taken)
      assert.match(headers.get('subject') ?? '', /office is not read: .*the account is locked/)
      assert.match(text, /the account is locked \(invalid credentials, data 775\); check sources/)
    },
    async mend({ domain }) {
      await domain.samba.tool('user', 'unlock', 'svc')
    },
  },
  {
    name: 'Active Directory: wrong password after a good day',
    named:
      /the user does not exist or the password is wrong .*data 52e\); check sources\.office\.bind/,
    async strike(office) {
      // The password before the last one is taken for an hour, too.
      for (const password of ['An0ther-Passw0rd', 'And-a-third-0ne']) {
        await office.domain.samba.tool('user', 'setpassword', 'svc', `--newpassword=${password}`)
      }
      assert.equal((await office.read()).outcome, 'failed')
    },
    async mend({ domain }) {
      const { tool, bindPassword } = domain.samba
      await tool('user', 'setpassword', 'svc', `--newpassword=${bindPassword}`)
      await tool('user', 'unlock', 'svc')
    },
  },
  {
    name: 'Active Directory: restarted while it is followed',
    named: /the connection for changes is made again/,
    async strike({ domain, directory, untilAnswered }) {
      await directory.hire('2001')
      await untilAnswered('2001')
      await domain.samba.kill()
      await directory.hire('2002')
      await domain.samba.start()
      await untilAnswered('2002')
    },
  },
  {
    name: 'Active Directory: restored from when it had half the people',
    named: /plan 1 is held: it would have 150 people gone, 25 are allowed/,
    async strike(office) {
      const { samba, half } = office.domain
      await samba.restore(half)
      assert.equal((await office.read()).outcome, 'held')
    },
    mend: ({ domain }) => domain.samba.restore(domain.whole),
  },
]

/** Somebody tries passwords of the account that Peerage reads with. */
async function lockOut({ domain }: SambaOffice): Promise<void> {
  const { ldapsUrl, bindUser } = domain.samba
  for (let tries = 0; tries < 5; tries++) {
    const client = new Client({ url: ldapsUrl, tlsOptions: { rejectUnauthorized: false } })
    await client.bind(bindUser, `guess ${tries}`).catch(() => {})
    await client.unbind()
  }
}

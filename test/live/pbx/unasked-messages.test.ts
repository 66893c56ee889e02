import { afterAll, beforeAll, expect, test } from 'vitest'
import { ada, linus, openBranch, type Branch } from './branch.ts'
import { leaveMessage } from './woken.ts'

let branch: Branch
beforeAll(async () => {
  branch = await openBranch(22, { everybodyHas: 'mwi: notify' })
})
afterAll(() => branch[Symbol.asyncDispose]())

const moments: readonly (readonly [string, () => Promise<void>])[] = [
  ['at first', async () => {}],
  ['after a restart of Asterisk, without a new REGISTER', () => branch.asterisk.restart()],
  [
    'after a restart of Peerage',
    async () => {
      await branch.stopPeerage()
      await branch.startPeerage()
    },
  ],
]

test.for(moments)(
  'a phone that never asked is told of a new message, %s',
  { timeout: 60_000 },
  async ([, happens]) => {
    await using caller = await branch.phone(ada)
    await using owner = await branch.phone(linus)
    await caller.register()
    const now = owner.messagesUnasked(() => true)
    await owner.register()
    const { fresh } = await now
    await happens()
    await branch.told()
    const lit = owner.messagesUnasked((messages) => messages.fresh === fresh + 1, 20_000)
    await leaveMessage(branch, caller, owner)
    expect((await lit).waiting).toBe(true)
  },
)

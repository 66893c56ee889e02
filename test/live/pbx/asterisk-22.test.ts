import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada, openBranch, type Branch } from './branch.ts'
import { forgetsContract } from './forgets.ts'

let branch: Branch
beforeAll(async () => {
  branch = await openBranch(22)
})
afterAll(() => branch[Symbol.asyncDispose]())

describe('Asterisk 22 with a cache without end', () => forgetsContract(() => branch))

test('a contact that Asterisk cuts is not kept, one that just fits is', async () => {
  const contactsOf = () => [...branch.company().service.state.contacts.values()]
  await using long = await branch.phone(ada, { contactUser: 'p'.repeat(240) })
  expect(await long.register()).toMatchObject({ status: 200, contacts: [] })
  expect(contactsOf()).toEqual([])
  await using short = await branch.phone(ada, { contactUser: 'p'.repeat(220) })
  expect(await short.register()).toMatchObject({ status: 200, contacts: [expect.any(String)] })
  expect(contactsOf()).toMatchObject([{ uri: expect.stringContaining('p'.repeat(220)) }])
})

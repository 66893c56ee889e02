import { afterAll, beforeAll, describe } from 'vitest'
import { openBranch, type Branch } from './branch.ts'
import { forgetsContract } from './forgets.ts'
import { lampsContract } from './lamps.ts'

let branch: Branch
beforeAll(async () => {
  branch = await openBranch(16)
})
afterAll(() => branch[Symbol.asyncDispose]())

describe('Asterisk 16 with a cache without end', () => forgetsContract(() => branch))
describe('busy lamps of Asterisk 16', () => lampsContract(() => branch))

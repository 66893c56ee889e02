import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callsContract } from './calls.ts'
import { changesContract } from './changes.ts'
import { openOffice, type Office } from './office.ts'
import { voicemailContract } from './voicemail.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice(16)
})
afterAll(() => office[Symbol.asyncDispose]())

describe('Asterisk 16', () => {
  test('starts with the shipped files, and every module that they name', async () => {
    expect(await office.asterisk.logs()).not.toMatch(/(declined|failed) to load|Error loading/)
  })

  describe('phones', () => callsContract(() => office))
  describe('voicemail', () => voicemailContract(() => office))
  describe('changes', () => changesContract(() => office))
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { nameText } from '../../../src/answers/realtime/asterisk-text.ts'
import { decodePairs } from '../../../src/answers/realtime/codec.ts'
import { connectAmi } from '../../../src/pbx/ami/connect.ts'
import type { AmiConnection } from '../../../src/pbx/ami/connection.ts'
import { startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import { entry, startTestService, type TestService } from '../../support/service.ts'
import { readTable } from './loaded-table.ts'

/** The same values again: `PEERAGE_FUZZ_SEED=… vitest run …`; it is a part of each failure. */
const seed = Number(process.env['PEERAGE_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const count = 250

/** What means something to a dialplan, a file of Asterisk, a header, a query, XML or a terminal. */
const pieces = [
  [' ', '  ', '\t', '\r\n', '\n', '\0', '\u0007', '\u001b[31m', '\u007f', '\u0085', '\u00a0'],
  ['\u200b', '\u2028', '\ufeff', '\u202e', '\u202c', '\u0301', '\ud83d', '${SHELL(touch /tmp/x)}'],
  ['#exec id', 'x'.repeat(80), 'é'.repeat(60), '日本', '😀', '👩‍👩‍👧', 'ﷺ', 'ä', 'ß', 'null', 'yes'],
  '$ { } ${ $[ ] \\ " \' < > , ; | & = % + # ! ( ) @ / -1 => PJSIP/900'.split(' '),
  ['%0D%0A', '%00', '&id=777', 'auth=', 'context=from-trunk'],
].flat()

/** Line breaks and other controls, turned writing. */
const control = /[\p{Cc}\u2028\u2029\u202e]/u
/** What a dialplan evaluates; it never sees a password, which has to be what it is. */
const evaluated = /\$[{[]/

const random = randomFrom(seed)
const values = Array.from({ length: count }, (_, at) => ({
  extension: String(1000 + at),
  text: Array.from({ length: 1 + Math.floor(random() * 9) }, randomPiece).join(''),
}))

let company: TestService
let asterisk: Asterisk
let ami: AmiConnection
const ended = new AbortController()

beforeAll(async () => {
  company = await startTestService({
    ldif: values.map(({ extension, text }, at) => person(extension, at + 1, text)).join(''),
    source:
      'map: { title: title, language: preferredLanguage, callGroup: departmentNumber, sipSecret: employeeNumber }',
  })
  const realtime = `http://127.0.0.1:${company.service.pbx.port}`
  asterisk = await startAsterisk({ version: 22, realtime })
  const account = { ...asterisk.ami, tls: false }
  ami = await connectAmi(account, 'ami', { timeoutMs: 10_000 }, () => {}, ended.signal)
})
afterAll(async () => {
  await ami[Symbol.asyncDispose]()
  await asterisk[Symbol.asyncDispose]()
  await company[Symbol.asyncDispose]()
})

test.each([
  ['ps_endpoints', 'id'],
  ['ps_auths', 'id'],
  ['ps_aors', 'id'],
  ['voicemail', 'mailbox'],
  ['callerid', 'number'],
])('%s: what is answered arrives, and nothing else', async (family, key) => {
  let answers = 0
  for (const { extension, text } of values) {
    const asked = family === 'callerid' ? mobileOf(extension) : extension
    const answer = await company.ask(`${family}/single`, `${key}=${encodeURIComponent(asked)}`)
    if (answer === '') continue // a person with nothing of a name is none
    answers++
    const about = `seed ${seed}, ${JSON.stringify(text)}`
    const answered = decodePairs(answer.trim())
    expect(answered.filter(isHarmful), about).toEqual([])
    const read = readTable(await console(`realtime load ${family} ${key} ${asked}`))
    expect(read, about).toEqual(answered)
  }
  expect(answers, `seed ${seed}`).toBeGreaterThan(count * 0.8)
})

test('each endpoint that Asterisk makes of it has its own name, context and password', async () => {
  for (const { extension, text } of values) {
    const person = company.service.people.byExtension(extension)
    if (!person) continue
    const shown = await console(`pjsip show endpoint ${extension}`)
    const about = `seed ${seed}, ${JSON.stringify(text)}`
    const name = nameText(person.name)
    const callerid =
      name === ''
        ? `callerid                           : ${extension}\n`
        : `"${name}" <${extension}>`
    expect(shown, about).toContain(callerid)
    expect(shown, about).toMatch(/^ *context +: internal$/m)
    expect(shown, about).toMatch(new RegExp(`^ *auth +: ${extension}$`, 'm'))
  }
})

function isHarmful([column, value]: readonly [string, string]): boolean {
  return control.test(value) || (column !== 'password' && evaluated.test(value))
}

async function console(command: string): Promise<string> {
  return (await ami.ask('Command', { Command: command })).get('output') ?? ''
}

/** A caller is known by a public number only. */
function mobileOf(extension: string): string {
  return `+4917100${extension}0`
}

function person(extension: string, id: number, text: string): string {
  return entry(`u${id}`, id, {
    cn: text,
    givenName: text,
    sn: text,
    title: text,
    preferredLanguage: text,
    departmentNumber: text,
    employeeNumber: text,
    mail: `u${id}@example.org`,
    telephoneNumber: extension,
    mobile: mobileOf(extension),
  })
}

function randomPiece(): string {
  return pieces[Math.floor(random() * pieces.length)] ?? ''
}

/** mulberry32: 0 to 1, always the same for a seed. */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

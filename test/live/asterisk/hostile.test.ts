import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { decodePairs } from '../../../src/answers/realtime/codec.ts'
import { nameText } from '../../../src/answers/realtime/asterisk-text.ts'
import type { AsteriskVersion } from '../../rig/asterisk-tree.ts'
import { startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import { entry, startTestService, type TestService } from '../../support/service.ts'
import { readTable } from './loaded-table.ts'

/** What somebody may write into a directory to do harm behind it. */
const hostile = [
  '"><script>alert(1)</script>',
  '${SHELL(touch /tmp/peerage-owned)}',
  '$${SHELL(id)} $[1+1]',
  'x","Evil" <900>',
  'Evil\r\nauth=\r\nX-Header: y',
  'a;b;c ; #exec id',
  'id=777&auth=&context=from-trunk',
  '%00%0D%0A%26id%3D777',
  'a,b|c^d&PJSIP/900',
  '\\"; DROP TABLE people; --',
  '[900](!)',
  '\u202egnihsihp\u202c \u0000nul \u0007bell',
  'ä'.repeat(300),
  '😀'.repeat(90),
  `${'x'.repeat(78)}ä`,
  '=> #include /etc/passwd',
  '+49 "30" \'1\'',
] as const

/** A caller is known by a public number only. */
const mobileOf = (at: number) => `+491711000${100 + at}`

/** Line breaks and other controls, turned writing, what a dialplan evaluates. */
const harm = /[\p{Cc}\u2028\u2029\u202e]|\$[{[]/u

const ldif = hostile
  .map((text, at) =>
    entry(`u${at}`, at + 1, {
      cn: text,
      givenName: text,
      sn: text,
      title: text,
      preferredLanguage: text,
      departmentNumber: text,
      mail: `u${at}@example.org`,
      telephoneNumber: String(500 + at),
      mobile: mobileOf(at),
      memberOf: 'cn=Sales,dc=example',
      description: [text, `u${at}@example.org`],
      employeeNumber: text,
    }),
  )
  .join('')
const source =
  'map: { aliases: description, title: title, language: preferredLanguage, callGroup: departmentNumber, sipSecret: employeeNumber }'

describe.each([22, 16] as const)('Asterisk %i', (version: AsteriskVersion) => {
  let company: TestService
  let asterisk: Asterisk
  beforeAll(async () => {
    company = await startTestService({
      ldif,
      source,
      yaml: 'queues: { sales: { group: Sales } }',
    })
    const realtime = `http://127.0.0.1:${company.service.pbx.port}`
    const mapped = [...families.map(([name]) => name), 'ps_contacts'].map(
      (name) => `${name} => curl,${realtime}/realtime/${name}\n`,
    )
    asterisk = await startAsterisk({
      version,
      realtime,
      files: {
        'extconfig.conf': `[settings]\n${mapped.join('')}`,
        'modules.conf': `${await shippedModules(version)}\nload = res_clioriginate.so\n`,
        'extensions.conf': '[box]\nexten => _5XX,1,VoiceMail(${EXTEN}@default,s)\n',
      },
    })
  })
  afterAll(async () => {
    await asterisk[Symbol.asyncDispose]()
    await company[Symbol.asyncDispose]()
  })

  test.each(families)('%s: what is answered arrives, and nothing else', async (family, key) => {
    const values = await valuesOf(family, company)
    expect(values.length).toBe(family === 'queues' ? 1 : hostile.length)
    for (const value of values) {
      const answer = await company.ask(`${family}/single`, `${key}=${value}`)
      const answered = decodePairs(answer.trim())
      expect(answered.length).toBeGreaterThan(1)
      expect(answered.filter(([, text]) => harm.test(text))).toEqual([])
      const read = readTable(await asterisk.cli(`realtime load ${family} ${key} ${value}`))
      expect(read).toEqual(answered)
    }
  })

  test('the endpoint or peer that Asterisk makes of it has the name, cut to what it holds', async () => {
    for (const [at, text] of hostile.entries()) {
      const extension = String(500 + at)
      const person = company.service.people.byExtension(extension)
      const name = nameText(person?.name ?? '')
      expect(Buffer.byteLength(name), text).toBeLessThan(80)
      const shown = await asterisk.cli(
        version === 22 ? `pjsip show endpoint ${extension}` : `sip show peer ${extension} load`,
      )
      expect(shown).toContain(`"${name}" <${extension}>`)
      expect(shown).toMatch(version === 22 ? /context +: internal/ : /Context +: internal/)
      expect(shown).not.toContain('900>')
    }
  })

  test('a queue has just its members', async () => {
    const shown = await asterisk.cli('queue show sales')
    expect(shown.match(/\(PJSIP\/\d+/g)).toHaveLength(hostile.length)
    expect(shown).not.toContain('(PJSIP/900')
  })

  test('a message by mail has one owner, whatever he is called', async () => {
    for (const at of [0, 3, 4, 9]) {
      await asterisk.cli(`channel originate Local/${500 + at}@box application Playback vm-intro`)
    }
    const mails = join(asterisk.folder, 'log/mail')
    const to = await vi.waitUntil(
      async () => {
        const lines = (await readFile(mails, 'utf8').catch(() => '')).match(/^To: .*$/gm) ?? []
        return lines.length === 4 && lines.sort()
      },
      { timeout: 30_000, interval: 200 },
    )
    for (const line of to) expect(line).toMatch(/^To: "?[^"<>]*"? <u\d+@example\.org>$/)
    expect(await readFile(mails, 'utf8')).not.toMatch(/^(X-Header|auth=)/m)
  })

  test('nothing was executed', () => {
    expect(existsSync('/tmp/peerage-owned')).toBe(false)
  })
})

const families = [
  ['ps_endpoints', 'id'],
  ['ps_auths', 'id'],
  ['ps_aors', 'id'],
  ['sippeers', 'name'],
  ['iaxpeers', 'name'],
  ['iaxusers', 'name'],
  ['voicemail', 'mailbox'],
  ['callerid', 'number'],
  ['extensions', 'exten'],
  ['queue_members', 'uniqueid'],
  ['queues', 'name'],
] as const

/** What a family is asked for, to get the row of every person. */
async function valuesOf(family: string, company: TestService): Promise<string[]> {
  if (family === 'queues') return ['sales']
  if (family === 'callerid') return hostile.map((_, at) => mobileOf(at))
  if (family !== 'queue_members') return hostile.map((_, at) => String(500 + at))
  const list = await company.ask('queue_members/multi', 'interface%20LIKE=%25&queue_name=sales')
  return Array.from(list.matchAll(/uniqueid=(\w+)/g), ([, id = '']) => id)
}

function shippedModules(version: AsteriskVersion): Promise<string> {
  return readFile(new URL(`../../../asterisk/${version}/modules.conf`, import.meta.url), 'utf8')
}

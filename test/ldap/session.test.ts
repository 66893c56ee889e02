import { Client, ServerSideSortingRequestControl } from 'ldapts'
import { describe, expect, test } from 'vitest'
import { BerReader } from '../../src/ldap-wire/ber-reader.ts'
import { BerWriter } from '../../src/ldap-wire/ber-writer.ts'
import { Frames } from '../../src/ldap-wire/frames.ts'
import { named } from '../phonebook/office.ts'
import { openFace, type TestFace } from './open-face.ts'

const ina = named('501', 'Ina', 'Berg', { mobile: '+491701234567' })
const many = Array.from({ length: 71 }, (_, at) =>
  named(String(600 + at), `N${at % 7}`, `Berg ${at}`),
)
const everybody = { scope: 'sub' as const, filter: '(cn=*)' }

async function bound<T>(face: TestFace, ask: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ url: face.url })
  try {
    await client.bind('any name', face.office.token)
    return await ask(client)
  } finally {
    await client.unbind()
  }
}

async function ask<T>(face: TestFace, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ url: face.url })
  try {
    return await work(client)
  } finally {
    await client.unbind()
  }
}

describe('a bind', () => {
  test('is refused with a password that is no token, and with none', async () => {
    await using face = await openFace([ina])
    await ask(face, async (client) => {
      await expect(client.bind('cn=x', 'guessed')).rejects.toMatchObject({ code: 49 })
      await expect(client.bind('cn=x', '')).rejects.toMatchObject({ code: 48 })
      await expect(client.search('dc=peerage', everybody)).rejects.toMatchObject({ code: 50 })
    })
  })

  test('needs no token from a network that the view is open to', async () => {
    const views = { staff: {}, lobby: { numbers: ['extension' as const], openTo: ['127.0.0.0/8'] } }
    await using face = await openFace([ina], { views })
    await ask(face, async (client) => {
      await client.bind('', '')
      const { searchEntries } = await client.search('dc=peerage', everybody)
      expect(searchEntries).toMatchObject([{ dn: 'uid=test/501,ou=lobby,dc=peerage' }])
      expect(searchEntries[0]).not.toHaveProperty('mobile')
      await expect(client.search('ou=staff,dc=peerage', everybody)).rejects.toMatchObject({
        code: 50,
      })
    })
  })

  test('is refused from outside the networks, with whatever token', async () => {
    await using face = await openFace([ina], { networks: ['192.0.2.0/24'] })
    await expect(bound(face, async () => undefined)).rejects.toMatchObject({ code: 49 })
  })

  test('is worth nothing any more when the token is revoked', async () => {
    await using face = await openFace([ina])
    await bound(face, async (client) => {
      expect((await client.search('dc=peerage', everybody)).searchEntries).toHaveLength(1)
      await face.office.tokens.revoke(1)
      await expect(client.search('dc=peerage', everybody)).rejects.toMatchObject({ code: 50 })
    })
  })

  test('is noted at the token', async () => {
    await using face = await openFace([ina])
    await bound(face, async () => undefined)
    expect(face.office.tokens.list()[0]?.lastUse).toMatchObject({ from: '127.0.0.1', by: 'LDAP' })
  })

  test('is not tried any more for who guesses tokens', async () => {
    await using face = await openFace([ina])
    await ask(face, async (client) => {
      for (let count = 0; count < 60; count++) {
        await expect(client.bind('', `guess ${count}`)).rejects.toMatchObject({ code: 49 })
      }
      await expect(client.bind('', face.office.token)).rejects.toMatchObject({ code: 51 })
    })
  })
})

test('who asks more than any phone does is told to wait', async () => {
  await using face = await openFace([ina], { requestsPerMinute: 10 })
  await bound(face, async (client) => {
    for (let count = 1; count < 10; count++) await client.search('dc=peerage', everybody)
    await expect(client.search('dc=peerage', everybody)).rejects.toMatchObject({ code: 51 })
  })
})

test('who asks again is told what is different now, and what he asks for now', async () => {
  await using face = await openFace([ina])
  await bound(face, async (client) => {
    const read = async (...attributes: string[]) => {
      const asked = { scope: 'sub' as const, filter: '(telephoneNumber=501)', attributes }
      return (await client.search('dc=peerage', asked)).searchEntries
    }
    const dn = 'uid=test/501,ou=staff,dc=peerage'
    for (let again = 0; again < 2; again++) {
      expect(await read('cn', 'mobile')).toEqual([{ dn, cn: 'Berg Ina', mobile: '001701234567' }])
      expect(await read('mobile', 'sn')).toEqual([{ dn, mobile: '001701234567', sn: 'Berg' }])
    }
    face.office.put(named('501', 'Ina', 'Tal', { mobile: '+491709999999' }))
    expect(await read('cn', 'mobile')).toEqual([{ dn, cn: 'Tal Ina', mobile: '001709999999' }])
    face.office.remove('test/501')
    expect(await read('cn', 'mobile')).toEqual([])
  })
})

describe('limits', () => {
  const search = (sizeLimit: number) => message(7, searchBody({ sizeLimit }))

  test.each([
    ['its own', {}, 10, 10, 4],
    ["the server's", { sizeLimit: 20 }, 0, 20, 4],
    ['one that is not reached', {}, 71, 71, 0],
  ])('a search ends at %s, with what was found', async (_, ldap, sizeLimit, count, code) => {
    await using face = await openFace(many, { ldap })
    const bytes = await face.converse(Buffer.concat([bindOf(face), search(sizeLimit)]))
    const replies = new Frames().push(bytes).map(operationOf)
    expect(replies.filter(({ tag }) => tag === 0x64)).toHaveLength(count)
    expect(replies.at(-1)).toMatchObject({ tag: 0x65, code })
  })

  test('pages are walked without gaps or repeats, whatever changes meanwhile', async () => {
    await using face = await openFace(many, { ldap: { sizeLimit: 10 } })
    const shown: unknown[] = []
    await bound(face, async (client) => {
      const pages = client.searchPaginated('dc=peerage', { ...everybody, paged: { pageSize: 25 } })
      for await (const { searchEntries } of pages) {
        expect(searchEntries.length).toBeLessThanOrEqual(10)
        shown.push(...searchEntries.map(({ sn }) => sn))
        face.office.remove(`test/${600 + shown.length}`)
        face.office.put(named(String(800 + shown.length), 'A', 'Aa'))
      }
    })
    expect(shown).toEqual(Array.from({ length: 71 }, (_, at) => `Berg ${at}`))
  })

  test('a page of a list that nobody began is refused', async () => {
    await using face = await openFace(many)
    const cookie = new BerWriter().open(0x30).integer(5).text('99').close().finish()
    const asked = message(2, searchBody({}), [['1.2.840.113556.1.4.319', true, cookie]])
    const bytes = await face.converse(Buffer.concat([bindOf(face), asked]))
    expect(new Frames().push(bytes).map(operationOf).at(-1)).toMatchObject({ tag: 0x65, code: 53 })
  })

  test('an abandoned search ends without a word', async () => {
    await using face = await openFace(many)
    const abandon = message(8, (writer) => void writer.integer(7, 0x50))
    const bytes = await face.converse(Buffer.concat([bindOf(face), search(0), abandon]))
    expect(new Frames().push(bytes).map(operationOf)).toEqual([{ tag: 0x61, code: 0 }])
  })
})

describe('sorting', () => {
  const people = [
    named('1001', 'Zoë', 'Abel'),
    named('1003', 'Anna', 'Berg'),
    named('1002', null, 'Cafeteria'),
  ]
  test.each([
    ['cn', false, ['Abel Zoë', 'Berg Anna', 'Cafeteria'], 0],
    ['cn', true, ['Cafeteria', 'Berg Anna', 'Abel Zoë'], 0],
    ['givenName', false, ['Berg Anna', 'Abel Zoë', 'Cafeteria'], 0],
    ['telephoneNumber', false, ['Abel Zoë', 'Cafeteria', 'Berg Anna'], 0],
    ['shoeSize', false, ['Abel Zoë', 'Berg Anna', 'Cafeteria'], 16],
  ])('by %s, reversed: %s', async (attributeType, reverseOrder, names) => {
    await using face = await openFace(people)
    await bound(face, async (client) => {
      const control = new ServerSideSortingRequestControl({
        value: [{ attributeType, orderingRule: '', reverseOrder }],
      })
      const { searchEntries } = await client.search('dc=peerage', everybody, control)
      expect(searchEntries.map(({ cn }) => cn)).toEqual(names)
    })
  })
})

describe('what is not done here', () => {
  test('nothing is ever written', async () => {
    await using face = await openFace([ina])
    await bound(face, async (client) => {
      const dn = 'uid=test/501,ou=staff,dc=peerage'
      await expect(client.del(dn)).rejects.toMatchObject({ code: 53 })
      await expect(client.add(dn, { cn: 'x' })).rejects.toMatchObject({ code: 53 })
      await expect(client.modifyDN(dn, 'uid=2')).rejects.toMatchObject({ code: 53 })
      await expect(client.compare(dn, 'cn', 'x')).rejects.toMatchObject({ code: 53 })
      await expect(client.exop('1.2.3.4')).rejects.toMatchObject({ code: 2 })
      expect((await client.exop('1.3.6.1.4.1.4203.1.11.3')).value).toBe('u:000413aabbcc')
    })
  })

  test.each([
    ['a critical control that is not known', searchBody({}), [['1.2.3', true]], 0x65, 12],
    [
      'a control that need not be known',
      searchBody({}),
      [['2.16.840.1.113730.3.4.9', false]],
      0x65,
      0,
    ],
    ['SASL', bindBody(3, 0xa3, 'GSSAPI'), [], 0x61, 7],
    ['LDAPv2', bindBody(2, 0x80, 'x'), [], 0x61, 2],
  ] as const)('%s', async (_, body, controls, tag, code) => {
    await using face = await openFace([ina])
    const bytes = await face.converse(Buffer.concat([bindOf(face), message(2, body, controls)]))
    expect(new Frames().push(bytes).map(operationOf).at(-1)).toMatchObject({ tag, code })
  })
})

/** A whole message; each control an OID, whether it is critical, and a value. */
function message(
  id: number,
  body: (writer: BerWriter) => void,
  controls: readonly (readonly [oid: string, isCritical: boolean, value?: Buffer])[] = [],
): Buffer {
  const writer = new BerWriter().open(0x30).integer(id)
  body(writer)
  if (controls.length > 0) {
    writer.open(0xa0)
    for (const [oid, isCritical, value] of controls) {
      writer.open(0x30).text(oid).boolean(isCritical)
      if (value) writer.bytes(value)
      writer.close()
    }
    writer.close()
  }
  return writer.close().finish()
}

function bindOf({ office }: TestFace): Buffer {
  return message(1, bindBody(3, 0x80, office.token))
}

function bindBody(version: number, method: number, secret: string) {
  return (writer: BerWriter) =>
    void writer.open(0x60).integer(version).text('').text(secret, method).close()
}

function searchBody({ sizeLimit = 0 }) {
  return (writer: BerWriter) =>
    void writer
      .open(0x63)
      .text('dc=peerage')
      .integer(2, 0x0a)
      .integer(0, 0x0a)
      .integer(sizeLimit)
      .integer(0)
      .boolean(false)
      .text('cn', 0x87)
      .open(0x30)
      .close()
      .close()
}

function operationOf(bytes: Buffer): { tag: number; code: number | null } {
  const reader = new BerReader(bytes).inside(0x30)
  reader.integer()
  const tag = reader.peek() ?? 0
  const operation = reader.inside(tag)
  return { tag, code: operation.peek() === 0x0a ? operation.integer(0x0a) : null }
}

import { describe, expect, test } from 'vitest'
import { readDefinition } from '../../src/directory/ldap/schema-definition.ts'
import { SchemaOfDefinitions } from '../../src/directory/ldap/schema.ts'

const definitions = (...texts: string[]) => texts.flatMap((text) => readDefinition(text) ?? [])

describe(readDefinition, () => {
  test('reads a class as OpenLDAP writes it', () => {
    const text = `( 2.5.6.6 NAME 'person' DESC 'RFC2256: a person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ telephoneNumber ) )`
    expect(readDefinition(text)).toEqual({
      oid: '2.5.6.6',
      names: ['person'],
      description: 'RFC2256: a person',
      above: ['top'],
      auxiliary: [],
      must: ['sn', 'cn'],
      may: ['userPassword', 'telephoneNumber'],
    })
  })

  test('reads several names, and words that it does not know', () => {
    const text = `( 2.5.4.4 NAME ( 'sn' 'surname' ) DESC 'it\\27s the last' SUP name SYNTAX 1.3.6.1{64} X-ORDERED 'VALUES' )`
    expect(readDefinition(text)).toMatchObject({
      names: ['sn', 'surname'],
      description: `it's the last`,
      above: ['name'],
    })
  })

  test.each(['', '(', '()', 'nonsense', `( 1.2 NAME`, `( 1.2 MUST ( a $`])(
    'makes no trouble of %j',
    (text) => {
      expect(() => readDefinition(text)).not.toThrow()
    },
  )
})

describe(SchemaOfDefinitions, () => {
  const schema = new SchemaOfDefinitions(
    definitions(`( 1.1 NAME 'ipPhone' DESC 'TCP/IP phone' )`, `( 1.2 NAME ( 'sn' 'surname' ) )`),
    definitions(
      `( 2.0 NAME 'top' ABSTRACT MUST objectClass )`,
      `( 2.1 NAME 'person' SUP top MUST sn MAY IPPHONE )`,
      `( 2.2 NAME 'loop' SUP loop MAY mail )`,
      `( 2.3 NAME 'mailbox' AUXILIARY MAY mailbox )`,
    ),
    definitions(`( 2.1 NAME 'person' AUX mailbox MAY proxyAddresses )`),
  )

  test('knows what a class has from above and from what is hung on to it', () => {
    const names = schema.attributesOf(['Person']).map(({ name }) => name)
    expect(names).toEqual(['ipPhone', 'mailbox', 'objectClass', 'proxyAddresses', 'sn'])
  })

  test('comes to an end with a class above itself', () => {
    expect(schema.attributesOf(['loop', 'unknown'])).toEqual([{ name: 'mail', description: '' }])
  })

  test('spells names as the directory does', () => {
    expect(schema.spell('IPPHONE')).toBe('ipPhone')
    expect(schema.spell('surname')).toBe('sn')
    expect(schema.spell('unheardOf')).toBe('unheardOf')
  })
})

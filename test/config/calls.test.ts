import { expect, test } from 'vitest'
import { ConfigInvalid, parseConfig } from '../../src/config/config.ts'

function complaints(yaml: string): string {
  try {
    parseConfig(
      `site: { country: DE }\nsources: { a: { preset: openldap, ldif: a.ldif } }\n${yaml}`,
      'peerage.yaml',
      {},
    )
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.message
    throw error
  }
  return ''
}

test.each([
  ['calls: { trunks: { p: { in: ["0049"] } } }', 'calls.trunks.p.in[0]'],
  ['calls: { trunks: { p: { out: ["x -> xx"] } } }', 'calls.trunks.p.out[0]'],
  ['calls: { operator: "5&6" }', 'calls.operator'],
  ['calls: { unknownDid: operator }', 'calls.unknownDid'],
  ['calls: { dids: { "030123": { to: ["501"] } } }', 'calls.dids'],
  ['calls: { dids: { "+4930123": { to: ["${X}"] } } }', 'calls.dids.+4930123.to'],
  ['calls: { outbound: { site: "030" } }', 'calls.outbound.site'],
  ['calls: { outbound: { departments: { Sales: "1" } } }', 'calls.outbound.departments.Sales'],
  ['calls: { suffixDigits: 3 }', 'calls.suffixDigits'],
  ['classes: { default: { callerRules: ["nonsense"] } }', 'classes.default.callerRules[0]'],
  ['agi: { from: ["10.0.0.0/33"] }', 'agi.from[0]'],
  ['lookup: { from: ["example.org"] }', 'lookup.from[0]'],
  ['lookup: { token: short }', 'lookup.token'],
  ['listen: { agi: everywhere }', 'listen.agi'],
])('%s is refused at %s', (yaml, path) => expect(complaints(yaml)).toContain(path))

test('listen.agi may be none', () => expect(complaints('listen: { agi: none }')).toBe(''))

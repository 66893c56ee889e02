import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { named } from '../../phonebook/office.ts'
import { openFace, type TestFace } from '../../ldap/open-face.ts'
import { makeCertificates, type Certificates } from '../../rig/certificates.ts'
import { ensurePackages } from '../../rig/packages.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const run = promisify(execFile)
const company = [
  named('503', 'Anna', 'Müller', { mobile: '+491711234567' }),
  named('522', 'Max', 'Mueller'),
  named('530', 'Otto', 'Tal'),
]

const stack = new AsyncDisposableStack()
let face: TestFace
let certificates: Certificates
beforeAll(async () => {
  await ensurePackages(['ldap-utils', 'openssl'])
  certificates = await makeCertificates(stack.use(await temporaryFolder()).path)
  face = stack.use(await openFace(company, { certificates, ldap: { sizeLimit: 2 } }))
})
afterAll(() => stack.disposeAsync())

/** Lines of `ldapsearch -LLL`, and its exit code, which is the result code. */
async function ldapsearch(args: readonly string[]): Promise<{ lines: string[]; code: number }> {
  const login = ['-x', '-D', 'phone', '-w', face.office.token, '-b', 'ou=staff,dc=peerage']
  const env = { ...process.env, LDAPTLS_CACERT: certificates.caFile, LDAPCONF: '/dev/null' }
  try {
    const { stdout } = await run('ldapsearch', ['-LLL', ...login, ...args], { env })
    return { lines: stdout.split('\n').filter((line) => line !== ''), code: 0 }
  } catch (error) {
    const { stdout = '', code = -1 } = error as { stdout?: string; code?: number } // of execFile
    return { lines: stdout.split('\n').filter((line) => line !== ''), code }
  }
}

function dns({ lines }: { readonly lines: readonly string[] }): string[] {
  return lines.filter((line) => line.startsWith('dn:'))
}

const mueller = ['dn: uid=test/522,ou=staff,dc=peerage', 'dn: uid=test/503,ou=staff,dc=peerage']

describe("OpenLDAP's own client", () => {
  test('reads what it asked for, numbers as they are dialled', async () => {
    const { lines, code } = await ldapsearch(['-H', face.url, '(sn=Müller)', 'givenName', 'mobile'])
    expect(code).toBe(0)
    expect(lines.slice(-3)).toEqual([mueller[1], 'givenName: Anna', 'mobile: 001711234567'])
  })

  test.each([
    ['Yealink', '(|(cn=muel*)(sn=muel*))'],
    ['Grandstream', '(|(cn=Muel*)(sn=Muel*))'],
    ['Snom', '(&(telephoneNumber=*)(sn=muel*))'],
    ['Fanvil', '(|(cn=*muel*)(sn=*muel*))'],
    ['Poly', '(&(objectClass=person)(sn=muel*))'],
    ['Poly, from a place on', '(&(sn>=mu)(sn<=mz))'],
    ['Cisco', '(&(sn=*muel*)(telephoneNumber=*))'],
  ])('with the filter of %s: %s', async (_, filter) => {
    const found = await ldapsearch(['-H', face.url, filter, '1.1'])
    expect(dns(found)).toEqual(mueller)
    expect(found.code).toBe(0)
  })

  test('pages, sorts, and takes the order backwards', async () => {
    const asked = ['-H', face.url, '-E', 'pr=1/noprompt', '-E', 'sss=-cn', '(cn=*)', '1.1']
    const found = await ldapsearch(asked)
    expect(dns(found)).toEqual(['dn: uid=test/530,ou=staff,dc=peerage', ...mueller.toReversed()])
    expect(found.code).toBe(0)
  })

  test('is told when there are more', async () => {
    const found = await ldapsearch(['-H', face.url, '(cn=*)', '1.1'])
    expect(found.code).toBe(4)
    expect(dns(found)).toHaveLength(2)
  })

  test('speaks StartTLS and LDAPS', async () => {
    expect(dns(await ldapsearch(['-H', face.url, '-ZZ', '(sn=tal)', '1.1']))).toHaveLength(1)
    expect(dns(await ldapsearch(['-H', face.tlsUrl, '(sn=tal)', '1.1']))).toHaveLength(1)
  })

  test('is refused with a wrong password', async () => {
    expect((await ldapsearch(['-H', face.url, '-w', 'wrong', '(cn=*)'])).code).toBe(49)
  })

  test('asks who it is', async () => {
    const args = ['-x', '-H', face.url, '-D', 'phone', '-w', face.office.token]
    expect((await run('ldapwhoami', args)).stdout.trim()).toBe('u:000413aabbcc')
  })
})

test('whatever is sent before the TLS handshake ends StartTLS', async () => {
  const startTls = Buffer.from(
    '301d02010177188016312e332e362e312e342e312e313436362e3230303337',
    'hex',
  )
  const bytes = await face.converse(startTls)
  expect(bytes.includes('TLS cannot begin now')).toBe(true)
})

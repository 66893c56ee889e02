import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigInvalid, parseConfig, type Environment } from '../../src/config/config.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function read(asterisk: string, folder = '.', environment: Environment = {}) {
  const yaml = `
site: { country: DE }
sources: { company: { preset: openldap, ldif: people.ldif } }
asterisk:
${asterisk}`
  return parseConfig(yaml, join(folder, 'peerage.yaml'), environment)
}

function complaintsOf(asterisk: string): string {
  try {
    read(asterisk)
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.message
  }
  throw new Error('nothing was complained of')
}

test('what is left out has a default, and a file is looked for beside the configuration', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'ami'), 'out of a file\n')
  const { asterisk } = read(
    '  - { name: pbx1, ami: { user: peerage, passwordFile: ami, tls: true, caFile: ca.pem } }',
    folder.path,
  )
  expect(asterisk).toMatchObject([
    {
      name: 'pbx1',
      ami: {
        host: '127.0.0.1',
        port: 5038,
        password: 'out of a file',
        caFile: join(folder.path, 'ca.pem'),
      },
    },
  ])
})

test('a password may stand in the environment, under the place in the list', () => {
  const lines =
    '  - { name: pbx1, ami: { user: peerage } }\n  - { name: pbx2, ami: { user: peerage } }'
  const { asterisk } = read(lines, '.', {
    PEERAGE_ASTERISK_0_AMI_PASSWORD: 'one',
    PEERAGE_ASTERISK_1_AMI_PASSWORD: 'two',
  })
  expect(asterisk.map(({ ami }) => ami.password)).toEqual(['one', 'two'])
})

test.for([
  ['  - { name: PBX 1, ami: { user: u, password: p } }', /asterisk\[0\]\.name: .*small letters/],
  [
    '  - { name: a, ami: { user: u, password: p } }\n  - { name: a, ami: { user: u, password: p } }',
    /asterisk\[1\]\.name: 'a' is taken/,
  ],
  ['  - { name: a, ami: { user: u } }', /asterisk\[0\]\.ami\.password: is missing/],
  [
    '  - { name: a, ami: { user: u, passwordFile: nowhere } }',
    /asterisk\[0\]\.ami\.passwordFile: cannot be read/,
  ],
  [
    '  - { name: a, ami: { user: "u\\r\\nAction: x", password: p } }',
    /asterisk\[0\]\.ami\.user: is not the name/,
  ],
  [
    '  - { name: a, ami: { user: u, password: "hunter2\\n" } }',
    /asterisk\[0\]\.ami\.password: has control/,
  ],
  [
    '  - { name: a, ami: { user: u, password: p, caFile: x } }',
    /asterisk\[0\]\.ami\.caFile: .*without tls/,
  ],
  ['  - { name: a, ami: { user: u, password: p, port: 0 } }', /asterisk\[0\]\.ami\.port/],
  [
    '  - { name: a, ami: { user: u, password: p }, technology: iax }',
    /asterisk\[0\]\.technology: .*'pjsip'/,
  ],
] as const)('%s is complained of', ([asterisk, complaint]) => {
  const text = complaintsOf(asterisk)
  expect(text).toMatch(complaint)
  expect(text).not.toContain('hunter2')
})

import { execFile } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { vendors } from '../../../src/answers/phonebook/vendors.ts'
import { hardPeople, named, openOffice } from '../../phonebook/office.ts'
import { ensurePackages } from '../../rig/packages.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const run = promisify(execFile)
beforeAll(() => ensurePackages(['libxml2-utils']))

/** Every sign there is below U+3000, a few at a time, and what lies beyond. */
const strangers = Array.from({ length: 200 }, (_, at) => {
  const signs = Array.from({ length: 62 }, (_, sign) => String.fromCodePoint(at * 62 + sign))
  return named(String(1000 + at), signs.join(''), `Z ${String.fromCharCode(0xd7ff + at)} ${at}`)
})

test('xmllint finds every document of every maker well-formed, whatever stands in the directory', async () => {
  await using folder = await temporaryFolder()
  await using office = await openOffice([...hardPeople, ...strangers])
  for (const vendor of vendors) {
    for (const [name, form] of Object.entries(vendor.forms)) {
      if (form.type !== undefined && !form.type.startsWith('text/html')) continue
      const { status, body } = await office.ask(`${vendor.name}/TOKEN/${name}`)
      expect(status).toBe(200)
      writeFileSync(join(folder.path, `${vendor.name}-${name}.xml`), body)
    }
  }
  const files = readdirSync(folder.path)
  expect(files.length).toBeGreaterThan(35)
  const { stderr } = await run('xmllint', ['--noout', '--nonet', ...files], { cwd: folder.path })
  expect(stderr).toBe('')
})

test('xmllint can tell', async () => {
  await using folder = await temporaryFolder()
  writeFileSync(join(folder.path, 'bad.xml'), '<a>&</a>')
  await expect(run('xmllint', ['--noout', 'bad.xml'], { cwd: folder.path })).rejects.toThrow(
    /xmllint/,
  )
})

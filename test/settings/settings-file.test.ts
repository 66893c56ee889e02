import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SettingsFile } from '../../src/settings/settings-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerage-file-'))
  writeFileSync(join(folder, 'peerage.yaml'), 'before')
})
afterEach(() => rmSync(folder, { recursive: true }))

const change = { source: 'office', from: 'before', text: 'after', now: 5 }
const plain = { ...change, newSecret: null, oldSecret: null }

function open(name = 'peerage.yaml') {
  return new SettingsFile(join(folder, name), {}, () => {})
}

test('a change is under way until the service runs with it', async () => {
  chmodSync(join(folder, 'peerage.yaml'), 0o640)
  const file = open()
  await file.writeSecret('office-old.password', 'old')
  await file.replace({ ...plain, oldSecret: 'office-old.password' })
  expect(file.state.change).toMatchObject({ source: 'office', outcome: 'under-way' })
  expect(statSync(join(folder, 'peerage.yaml')).mode & 0o777).toBe(0o640)
  await file.inForce()
  expect(file.state.change?.outcome).toBe('in-force')
  expect(file.read()).toBe('after')
  expect(readdirSync(folder)).toEqual(['peerage.yaml'])
})

test('a change that the service does not run with is taken back, with its password', async () => {
  const file = open()
  await file.writeSecret('office-new.password', 'new')
  expect(statSync(join(folder, 'office-new.password')).mode & 0o777).toBe(0o600)
  await file.replace({ ...plain, newSecret: 'office-new.password' })
  await file.refused('the address is taken')
  expect(file.read()).toBe('before')
  expect(file.state.change).toMatchObject({ outcome: 'refused', problem: 'the address is taken' })
  expect(readdirSync(folder)).toEqual(['peerage.yaml'])
})

test('what somebody wrote by hand meanwhile is not taken back', async () => {
  const file = open()
  await file.replace(plain)
  writeFileSync(join(folder, 'peerage.yaml'), 'by hand')
  await file.refused('the address is taken')
  expect(file.read()).toBe('by hand')
})

test('of two changes at once, one waits its turn', async () => {
  const file = open()
  const both = await Promise.allSettled([file.replace(plain), file.replace(plain)])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})

test('a file that somebody changed meanwhile is left alone', async () => {
  const file = open()
  writeFileSync(join(folder, 'peerage.yaml'), 'by hand')
  await expect(file.replace(plain)).rejects.toThrow('changed meanwhile')
  expect(file.read()).toBe('by hand')
  expect(file.state.change).toBeNull()
})

test('a link stays a link to the file that is changed', async () => {
  symlinkSync('peerage.yaml', join(folder, 'link.yaml'))
  await open('link.yaml').replace(plain)
  expect(readFileSync(join(folder, 'peerage.yaml'), 'utf8')).toBe('after')
  expect(readdirSync(folder).sort()).toEqual(['link.yaml', 'peerage.yaml'])
})

test('a file that is not there is not readable, and says so', () => {
  expect(open('missing.yaml').state.obstacle).toBe('not-readable')
})

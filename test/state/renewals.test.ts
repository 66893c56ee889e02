import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Mishap } from '../../src/state/database.ts'
import type { RowStore } from '../../src/state/row-store.ts'
import { openState } from '../../src/state/state.ts'
import { WrittenRows } from '../../src/state/written-rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Notes what each write is to be kept through. */
function noting(): { readonly store: RowStore; readonly kept: (Mishap | undefined)[] } {
  const kept: (Mishap | undefined)[] = []
  return {
    kept,
    store: {
      load: async () => new Map(),
      read: async () => new Map(),
      keep: async (_kind, _key, _row, through) => void kept.push(through),
    },
  }
}

const contact = { uri: 'sip:501@10.0.0.1', expiration_time: '100' }
const fleeting = ['expiration_time']

test('only a write that renews need not be on the disk when it is acknowledged', async () => {
  const { store, kept } = noting()
  const rows = await WrittenRows.open(store, 'contacts')
  await rows.put('501', contact, fleeting)
  await rows.put('501', { ...contact, expiration_time: '200' }, fleeting)
  await rows.put('501', { ...contact, uri: 'sip:501@10.0.0.2', expiration_time: '300' }, fleeting)
  await rows.put('501', { expiration_time: '400' })
  await rows.remove('501')
  await rows.put('501', { expiration_time: '500' }, fleeting)
  expect(kept).toEqual([
    'power loss',
    'crash',
    'power loss',
    'power loss',
    'power loss',
    'power loss',
  ])
})

const program = (file: string) => `
  import { openState } from ${JSON.stringify(new URL('../../src/state/state.ts', import.meta.url).href)}
  const { contacts } = await openState({ state: ${JSON.stringify(`sqlite:${file}`)} }, Date.now)
  await contacts.put('501', ${JSON.stringify(contact)}, ['expiration_time'])
  for (let at = 200; ; at++) {
    await contacts.put('501', { expiration_time: String(at) }, ['expiration_time'])
    process.stdout.write(at + ' ')
  }`

test('a renewal that was acknowledged is there after a kill', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'peerage.db')
  const script = join(folder.path, 'renew.mjs')
  await writeFile(script, program(file))
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text
    if (told.length > 2000) child.kill('SIGKILL')
  })
  await once(child, 'close')
  const last = Number(told.slice(0, told.lastIndexOf(' ')).split(' ').at(-1))
  expect(last).toBeGreaterThan(400)
  await using state = await openState({ state: `sqlite:${file}` }, Date.now)
  const kept = Number(state.contacts.get('501')?.['expiration_time'])
  expect(kept).toBeGreaterThanOrEqual(last)
})

test('and is written out soon, although nothing else is', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'peerage.db')
  await using state = await openState({ state: `sqlite:${file}` }, Date.now)
  const written = async () => (await readFile(file, 'latin1')).includes('1234567890')
  await state.contacts.put('501', contact, fleeting)
  await state.contacts.put('501', { expiration_time: '1234567890' }, fleeting)
  expect(await written()).toBe(false)
  await expect.poll(written, { timeout: 5000 }).toBe(true)
})

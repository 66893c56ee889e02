import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Driver } from './choice.ts'

/** Configuration files by name, in the order in which an administrator reads them. */
export type Files = ReadonlyMap<string, string>

const folders: Readonly<Record<Driver, string>> = { pjsip: '22', chan_sip: '16' }

/** First what decides, then the rest by name. */
const first = ['extconfig.conf', 'sorcery.conf', 'res_curl.conf', 'manager.conf']

/** The files of `asterisk/`, which the tests run on. */
export function readShipped(driver: Driver): Files {
  const folder = new URL(`../../../asterisk/${folders[driver]}/`, import.meta.url)
  const names = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith('.conf'))
  const ordered = [...first.filter((name) => names.includes(name)), ...names.sort()]
  return new Map(
    [...new Set(ordered)].map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
  )
}

import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Complaint } from '../complaint.ts'
import { isRecord } from '../config/option-text.ts'

type Options = Readonly<Record<string, unknown>>

export interface Wanted {
  /** As it is in the file now; undefined: it is not there. */
  readonly before: Options | undefined
  readonly after: Options
  /** A password was typed with these settings. */
  readonly isTyped: boolean
  /** Folder of the configuration file. */
  readonly folder: string
  readonly path: string
}

/**
 * What an administrator of the telephone system may not do from a browser, though whoever edits the
 * file may: make the service read any file of the machine, or send a password that he does not know
 * to a server of his choice.
 */
export function checkLimits(wanted: Wanted): Complaint[] {
  return [...checkFiles(wanted, wanted.after, []), ...checkKeptPassword(wanted)]
}

/** Endings of files that may be named, by option. */
const endings: Readonly<Record<string, RegExp>> = {
  ldif: /\.ldif$/i,
  caFile: /\.(?:pem|crt|cer)$/i,
}

function checkFiles(wanted: Wanted, options: Options, at: readonly string[]): Complaint[] {
  return Object.entries(options).flatMap(([name, value]): Complaint[] => {
    const here = [...at, name]
    if (isRecord(value)) return checkFiles(wanted, value, here)
    const isFile = name === 'ldif' || name.endsWith('File')
    if (!isFile || typeof value !== 'string' || value === valueAt(wanted.before, here)) return []
    const path = [wanted.path, ...here].join('.')
    const ending = endings[name]
    if (!ending) {
      const problem = 'cannot be changed from here; type the password, and it is put into a file'
      return [{ path, problem }]
    }
    if (ending.test(value) && isInside(wanted.folder, value)) return []
    const problem = `is no file that may be named from here; put one with an ending like that of ${examples[name]} into the folder of the configuration or below, or edit the configuration itself`
    const example = examples[name]
    return [{ path, problem, ...(example === undefined ? {} : { example }) }]
  })
}

const examples: Readonly<Record<string, string>> = { ldif: 'people.ldif', caFile: 'ca.pem' }

/** Also by where links lead; a file that is not there yet counts by its folder. */
function isInside(folder: string, file: string): boolean {
  const whole = resolve(folder, file)
  const way = relative(real(folder), real(whole))
  return way !== '' && way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : resolve(real(above), relative(above, path))
  }
}

const protections = ['tls', 'verify', 'caFile', 'serverName'] as const

function checkKeptPassword({ before, after, isTyped, path }: Wanted): Complaint[] {
  if (isTyped || !isRecord(after['bind'])) return []
  const at = `${path}.bind.password`
  if (!isRecord(before?.['bind'])) {
    return [{ path: at, problem: 'is wanted: type the password of that account' }]
  }
  const known = listOf(before['servers'])
  const isSame =
    listOf(after['servers']).every((server) => known.includes(server)) &&
    after['domain'] === before['domain'] &&
    protections.every((name) => isDeepStrictEqual(after[name], before[name]))
  if (isSame) return []
  const problem =
    'is to be typed again: the one that is kept is only sent to the servers, and with the protection, that it was given for'
  return [{ path: at, problem }]
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function valueAt(options: Options | undefined, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), options)
}

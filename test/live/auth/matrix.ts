import type { Office } from './office.ts'
import { startOffice } from './office.ts'

/** Somebody in a certain state, and what he types. */
export interface Case {
  readonly state: string
  readonly user: string
  readonly mail: string
  readonly extension: string
  readonly password: string
}

export interface Directory {
  readonly source: object
  /** How the domain is written: `example.org` and `EXAMPLE`. */
  readonly domain: string
  readonly short: string
  readonly cases: readonly Case[]
  /** What happens after the people were read, and before anybody signs in. */
  afterImport(office: Office): Promise<void>
  undoImport(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
  freeze(): void
  thaw(): void
}

const modes = {
  none: { mode: 'none' },
  ldap: { mode: 'ldap' },
  'ldap-then-pin': { mode: 'ldap-then-pin' },
  '…, unreachable': { mode: 'ldap-then-pin', pinWhenUnreachable: true },
} as const

const availabilities = ['up', 'down', 'hung'] as const

/** `password/PIN`: what becomes of each of the two, the same for every way to write the name. */
export type Row = Readonly<Record<string, string>>

/** The row of somebody of whom the directory says one thing and his PIN another. */
export function row(byPin: string, byDirectory: string): Row {
  return Object.fromEntries(
    availabilities.flatMap((availability) => {
      const asked = availability === 'up' ? byDirectory : 'away/away'
      const excused = availability === 'up' ? byDirectory : byPin
      const cells = [byPin, asked, asked, excused]
      return Object.keys(modes).map((mode, at) => [`${mode} ${availability}`, cells[at] ?? ''])
    }),
  )
}

/** Signs everybody in, in every mode and spelling, with the directory up, down and hung. */
export async function signInMatrix(directory: Directory): Promise<{
  readonly rows: ReadonlyMap<string, Row>
  readonly attempts: number
}> {
  const rows = new Map<string, Record<string, string>>()
  let attempts = 0
  for (const [mode, login] of Object.entries(modes)) {
    await using office = await startOffice(
      { office: directory.source },
      { ...login, deadlineMs: 700 },
    )
    await directory.afterImport(office)
    for (const availability of availabilities) {
      if (availability === 'down') await directory.stop()
      if (availability === 'hung') directory.freeze()
      try {
        for (const each of directory.cases) {
          const outcomes = new Set<string>()
          for (const name of spellings(each, directory)) {
            const byPassword = await office.check(name, each.password)
            const byPin = await office.check(name, `9${each.extension}`)
            outcomes.add(`${short(byPassword)}/${short(byPin)}`)
            attempts += 2
          }
          const row = rows.get(each.state) ?? {}
          row[`${mode} ${availability}`] = [...outcomes].join(' or ')
          rows.set(each.state, row)
        }
      } finally {
        if (availability === 'hung') directory.thaw()
        if (availability === 'down') await directory.start()
      }
    }
    await directory.undoImport()
  }
  return { rows, attempts }
}

function spellings({ user, mail, extension }: Case, { domain, short }: Directory): string[] {
  return [
    user,
    user.toUpperCase(),
    extension,
    mail,
    `${user}@${domain}`,
    `${short}\\${user}`,
    `${user}/${domain}`,
  ]
}

function short(outcome: string): string {
  return outcome === 'unavailable' ? 'away' : outcome
}

export function printMatrix(title: string, rows: ReadonlyMap<string, Row>): void {
  const lines = [`${title}: password/PIN`]
  for (const availability of availabilities) {
    const heads = Object.keys(modes)
    lines.push('', line([`directory ${availability}`, ...heads]))
    for (const [state, row] of rows) {
      lines.push(line([state, ...heads.map((mode) => row[`${mode} ${availability}`] ?? '')]))
    }
  }
  process.stdout.write(`\n${lines.join('\n')}\n`)
}

function line(cells: readonly string[]): string {
  return `  ${cells.map((cell, at) => cell.padEnd(at === 0 ? 26 : 25)).join('')}`.trimEnd()
}

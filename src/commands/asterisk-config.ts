import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ListenOptions } from '../http/addresses.ts'
import { givenPbxUrl, pbxUrl } from '../http/pbx-url.ts'
import { adapt } from '../pbx/configuration/adapt.ts'
import { choose, machineOf, type Choice, type Wishes } from '../pbx/configuration/choice.ts'
import { readShipped, type Files } from '../pbx/configuration/shipped.ts'
import { findAsterisk } from './find-asterisk.ts'
import { loadConfig } from './load-config.ts'

export interface ConfigArguments {
  readonly config?: string | undefined
  readonly version?: string | undefined
  readonly driver?: string | undefined
  readonly cache?: string | undefined
  readonly contacts?: string | undefined
  /** Where Asterisk reaches Peerage, when that does not follow from `listen.pbx`. */
  readonly url?: string | undefined
  /** Asterisk's configuration folder, for files that name each other. */
  readonly etc?: string | undefined
  /** Folder to write the files into; default: they are printed. */
  readonly out?: string | undefined
}

/** `peerage asterisk config [NAME]`: Asterisk's files for this installation, ready to use. */
export async function asteriskConfig(
  name: string | undefined,
  args: ConfigArguments,
): Promise<number> {
  const { config } = loadConfig(args.config)
  const { listen, listEverybody } = config
  const choice = choose(readWishes(args), findAsterisk(config.asterisk, name), listEverybody)
  const files = adapt(readShipped(choice.driver), choice, {
    url: args.url === undefined ? pbxUrl(listen, machineOf(choice)) : givenPbxUrl(args.url, listen),
    token: listen.pbxToken ?? null,
    authority: authorityOf(listen),
    folder: args.etc ?? '/etc/asterisk',
  })
  if (args.out === undefined) process.stdout.write(printed(files, choice))
  else writeFiles(files, args.out)
  return 0
}

function readWishes(args: ConfigArguments): Wishes {
  const version = oneOf('--version', args.version, ['22', '20', '18', '16'])
  const driver = oneOf('--driver', args.driver, ['pjsip', 'chan_sip'])
  const cache = oneOf('--cache', args.cache, ['on', 'off'])
  const contacts = oneOf('--contacts', args.contacts, ['local', 'shared'])
  return {
    ...(version ? { version: versions[version] } : {}),
    ...(driver ? { driver } : {}),
    ...(cache ? { cache } : {}),
    ...(contacts ? { contacts } : {}),
  }
}

const versions = { '22': 22, '20': 20, '18': 18, '16': 16 } as const

function oneOf<Name extends string>(
  option: string,
  text: string | undefined,
  known: readonly Name[],
): Name | undefined {
  if (text === undefined) return undefined
  const found = known.find((name) => name === text)
  if (found === undefined) throw new Error(`${option} ${text}? known are ${known.join(', ')}`)
  return found
}

function authorityOf({ pbxTls }: ListenOptions): string | null {
  return pbxTls?.caFile === undefined ? null : readFileSync(pbxTls.caFile, 'utf8')
}

function printed(files: Files, choice: Choice): string {
  const texts = Array.from(files, ([name, text]) => `;===== ${name}\n${text.trimEnd()}\n`)
  return `${heading(choice)}\n${texts.join('\n')}`
}

function heading({ version, driver, cache, contacts, phones }: Choice): string {
  const caches = {
    told: 'what Asterisk remembers is forgotten when Peerage says so',
    short:
      'what Asterisk remembers is forgotten after seconds, for nobody tells it (no `asterisk:` in peerage.yaml)',
    off: 'Asterisk remembers nothing',
  }
  const local = contacts === 'local' ? '; registrations are kept by Asterisk itself' : ''
  const dark =
    phones === 'unknown'
      ? '; Without the list of everybody (listEverybody: false) and without `asterisk:` in peerage.yaml, or with\n; registrations of its own, it cannot know of phones: no busy lamps, no members of queues, no qualify.\n'
      : ''
  return `; For Asterisk ${version} with ${driver === 'pjsip' ? 'PJSIP' : driver}: ${caches[cache]}${local}.\n${dark}; These files hold passwords: keep them readable for Asterisk only.\n`
}

/** They hold passwords, so they are for their owner only. */
function writeFiles(files: Files, folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of files) {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    chmodSync(path, 0o600) // also one that was there
    process.stdout.write(`${path}\n`)
  }
}

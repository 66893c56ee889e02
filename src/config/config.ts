import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Compile } from 'typebox/compile'
import { parseDocument } from 'yaml'
import { checkLogin } from '../answers/auth/login-options.ts'
import { checkClasses } from '../answers/realtime/class-options.ts'
import { checkQueues } from '../answers/realtime/queue-options.ts'
import { checkRealtime } from '../answers/realtime/realtime-options.ts'
import { checkAgi } from '../answers/agi/options.ts'
import { checkCalls } from '../answers/caller/options.ts'
import { checkLookup } from '../answers/lookup/options.ts'
import { checkMe } from '../answers/me/options.ts'
import { checkPhonebook } from '../answers/phonebook/options.ts'
import type { Complaint } from '../complaint.ts'
import { checkDirectoryOptions } from '../directory/sources.ts'
import { checkListen } from '../http/addresses.ts'
import { parseNetwork } from '../networks.ts'
import { checkMapping } from '../mapping/check-mapping.ts'
import { checkNotices } from '../notices/options.ts'
import { checkAsterisk } from '../pbx/options.ts'
import { checkSite } from '../person/site.ts'
import { checkState } from '../state/state.ts'
import { checkJoins } from '../sync/join.ts'
import { checkSchedule } from '../sync/schedule.ts'
import { explainErrors } from './explain.ts'
import { fillDefaults, resolvePaths, resolveSecrets } from './resolve.ts'
import { configSchema, type Config } from './schema.ts'

/** The configuration cannot be used. The message lists every complaint. */
export class ConfigInvalid extends Error {
  override name = 'ConfigInvalid'
  code = 'CONFIG_INVALID' as const
  readonly complaints: readonly Complaint[]

  constructor(file: string, complaints: readonly Complaint[]) {
    super(`${file} cannot be used:\n${complaints.map(complaintText).join('\n')}`)
    this.complaints = complaints
  }
}

/** Where a configuration is looked for when none is named. */
export const usualFiles = ['peerage.yaml', '/etc/peerage/peerage.yaml'] as const

export type Environment = Readonly<Record<string, string | undefined>>

/** The named file, that of PEERAGE_CONFIG, or the first usual one there is; null: none. */
export function findConfig(named: string | undefined, environment: Environment): string | null {
  const wanted = named ?? environment['PEERAGE_CONFIG']
  return wanted ?? usualFiles.find((file) => existsSync(file)) ?? null
}

/** Reads and checks a file. Throws `ConfigInvalid` with everything that is wrong with it. */
export function readConfig(file: string, environment: Environment): Config {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const problem = `cannot be read (${error instanceof Error ? error.message : String(error)})`
    throw new ConfigInvalid(file, [{ path: file, problem }])
  }
  return parseConfig(text, file, environment)
}

/** Takes a tenth of a second to make, in which a reload would hold up answers. */
let validator: ReturnType<typeof Compile<typeof configSchema>> | undefined

/** `file` is where relative paths start from, and the name in complaints. */
export function parseConfig(text: string, file: string, environment: Environment): Config {
  const document = parseDocument(text, { prettyErrors: true })
  if (document.errors.length > 0) {
    throw new ConfigInvalid(
      file,
      document.errors.map(({ message }) => ({ path: 'YAML', problem: message.trim() })),
    )
  }
  const raw: unknown = document.toJS() ?? {}
  const complaints: Complaint[] = []
  const filled = fillDefaults(configSchema, raw)
  const resolved = resolveSecrets(
    configSchema,
    filled,
    environment,
    dirname(resolve(file)),
    complaints,
  )
  validator ??= Compile(configSchema)
  if (!validator.Check(resolved)) {
    complaints.push(...explainErrors(configSchema, validator.Errors(resolved), resolved))
    throw new ConfigInvalid(file, complaints)
  }
  complaints.push(...crossCheck(resolved))
  if (complaints.length > 0) throw new ConfigInvalid(file, complaints)
  return resolvePaths(configSchema, resolved, dirname(resolve(file)))
}

function crossCheck(config: Config): Complaint[] {
  return [
    ...checkSite(config.site, 'site'),
    ...Object.entries(config.sources).flatMap(([name, options]) => [
      ...checkName(name),
      ...checkDirectoryOptions(options, `sources.${name}`),
      ...checkMapping(options, `sources.${name}`),
      ...checkSchedule(options, `sources.${name}`),
    ]),
    ...checkJoins(config.sources),
    ...checkState(config),
    ...checkNotices(config),
    ...checkListen(config.listen),
    ...checkLogin(config.login, (text) => parseNetwork(text) !== undefined),
    ...checkClasses(config.classes),
    ...checkQueues(config.queues),
    ...checkRealtime(config),
    ...checkCalls(config.calls),
    ...checkAgi(config.agi),
    ...checkLookup(config.lookup),
    ...checkPhonebook(config, Object.keys(config.sources)),
    ...checkMe(config.me, Object.keys(config.views)),
    ...checkAsterisk(config.asterisk),
  ]
}

/** A source's name is a part of people's ids and of commands. */
function checkName(name: string): Complaint[] {
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) return []
  const problem = 'is not a name for a source; expected small letters, digits and hyphens'
  return [{ path: `sources.${name}`, problem, example: 'office' }]
}

function complaintText({ path, problem, example }: Complaint): string {
  const line = `  ${path}: ${problem}`
  return example === undefined ? line : `${line}\n    for example: ${example}`
}

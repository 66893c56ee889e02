import type { Config } from '../config/schema.ts'
import type { CheckStep, DirectorySource, EntryProblem } from '../directory/source.ts'
import { openLogger } from '../logger.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { openSynced } from '../open-synced.ts'
import { connectAmi } from '../pbx/ami/connect.ts'
import type { AsteriskOptions } from '../pbx/options.ts'
import { compileSite } from '../person/site.ts'
import { PeopleStore } from '../state/people-store.ts'
import { StateUnavailable } from '../state/database.ts'
import { openDatabase, stateName } from '../state/state.ts'
import { durationText } from '../sync/duration.ts'
import { checkMail } from '../notices/check-mail.ts'
import { loadConfig } from './load-config.ts'

/** `peerage check`: the configuration, the state, and every connection step by step. Changes nothing. */
export async function check(named: string | undefined): Promise<number> {
  const { config, file } = loadConfig(named)
  say(true, 'configuration', file ?? 'none; the sample company')
  let failed = (await checkState(config)) ? 0 : 1
  const site = compileSite(config.site)
  const log = openLogger('silent')
  for (const name of Object.keys(config.sources)) {
    process.stdout.write(`\n${name}\n`)
    const { source, mapping } = openSynced(name, config, site, log)
    await using _closing = source
    if (!(await checkSource(source, mapping))) failed++
  }
  if (!(await tryMail(config))) failed++
  for (const [index, asterisk] of config.asterisk.entries()) {
    process.stdout.write(`\n${asterisk.name}\n`)
    if (!(await checkLogin(asterisk, `asterisk[${index}].ami`))) failed++
  }
  return failed === 0 ? 0 : 1
}

/** Up to the log-in: nothing is sent. */
async function tryMail({ mail }: Config): Promise<boolean> {
  if (!mail) return true
  process.stdout.write('\nmail\n')
  let isFine = true
  for await (const { step, ok, detail, tookMs } of checkMail(mail)) {
    say(ok, step, `${detail} (${Math.round(tookMs)} ms)`)
    isFine &&= ok
  }
  return isFine
}

async function checkState(config: Config): Promise<boolean> {
  const name = stateName(config)
  await using database = await openDatabase(config)
  if (!database) {
    say(true, 'state', `${name} (will be made at the first start)`)
    return true
  }
  let ages: ReadonlyMap<string, number> = new Map()
  try {
    ages = await new PeopleStore(database).readAges()
  } catch (error) {
    if (error instanceof StateUnavailable && error.problem === 'unreachable') {
      say(false, 'state', error.message)
      return false
    }
    // There are no tables before the first start.
  }
  say(true, 'state', name)
  for (const name of Object.keys(config.sources)) {
    const readAt = ages.get(name)
    const age =
      readAt === undefined ? 'never read so far' : `read ${durationText(Date.now() - readAt)} ago`
    say(true, 'age of data', `${name}: ${age}`)
  }
  return true
}

async function checkSource(source: DirectorySource, mapping: Mapping): Promise<boolean> {
  const signal = new AbortController().signal
  for await (const step of source.check(signal)) {
    say(step.ok, step.step, `${step.detail} (${Math.round(step.tookMs)} ms)`)
    if (!step.ok && isFatal(step)) return false
  }
  try {
    await previewPeople(source, mapping, signal)
    return true
  } catch (error) {
    say(false, 'people', error instanceof Error ? error.message : String(error))
    return false
  }
}

/** Without a connection there is nobody to preview; doubtful rights or news are no obstacle. */
function isFatal({ step }: CheckStep): boolean {
  return step !== 'rights' && step !== 'changes' && step !== 'sample'
}

async function previewPeople(
  source: DirectorySource,
  mapping: Mapping,
  signal: AbortSignal,
): Promise<void> {
  let people = 0
  let withExtension = 0
  const problems: EntryProblem[] = []
  for await (const batch of source.read(signal)) {
    problems.push(...batch.problems)
    for (const entry of batch.entries) {
      const mapped = mapping.map(entry, Date.now())
      problems.push(...mapped.problems)
      if (!mapped.person) continue
      people++
      if (mapped.person.extension !== null) withExtension++
    }
  }
  say(people > 0, 'people', `${people}, ${withExtension} of them with an extension`)
  for (const { entry, attribute, text } of problems.slice(0, 10)) {
    process.stdout.write(
      `      ${entry}${attribute === undefined ? '' : ` (${attribute})`}: ${text}\n`,
    )
  }
  if (problems.length > 10) process.stdout.write(`      … and ${problems.length - 10} more\n`)
}

/** Only whether it lets us in; `peerage asterisk check` looks further. */
async function checkLogin({ ami: options }: AsteriskOptions, path: string): Promise<boolean> {
  const { signal } = new AbortController()
  try {
    await using _ami = await connectAmi(options, path, { timeoutMs: 10_000 }, () => {}, signal)
    say(true, 'login', `${options.user} at ${options.host}:${options.port}`)
    return true
  } catch (error) {
    say(false, 'login', error instanceof Error ? error.message : String(error))
    return false
  }
}

function say(ok: boolean, what: string, detail: string): void {
  process.stdout.write(`  ${ok ? 'ok  ' : 'FAIL'} ${what.padEnd(13)} ${detail}\n`)
}

import type {
  AttributeReport,
  PeoplePreview,
  PreviewedPerson,
  TriedStep,
} from '../answers/admin/source-settings.ts'
import { hiddenSecret } from '../config/option-text.ts'
import type { Config } from '../config/schema.ts'
import type { Entry, EntryProblem, SourceLog } from '../directory/source.ts'
import { openSource } from '../directory/sources.ts'
import { compileMapping } from '../mapping/compile-mapping.ts'
import { namesIn } from '../mapping/rule.ts'
import { rulesOf } from '../mapping/rules-of.ts'
import { openSynced } from '../open-synced.ts'
import type { Person } from '../person/person.ts'
import { compileSite } from '../person/site.ts'
import { secretRules } from '../state/secret-policy.ts'
import { shownText } from './shown-text.ts'
import { AttributeCount, isSecretAttribute } from './attribute-use.ts'

/** Settings of one source to be tried, and nothing but tried. */
export interface Subject {
  readonly name: string
  readonly config: Config
}

/** Hears how many entries were read so far. */
export type Progress = (entries: number) => void

const entriesLookedAt = 200
/** Whole entries may have photographs of everybody in them. */
const entriesAtOnce = 50
const peopleShown = 20
const valuesShown = 20
const longestText = 2000
/** Nobody waits longer than that for a server that is silent; milliseconds. */
const longestSilenceMs = 10_000

/** The connection step by step, as it goes on. */
export async function* tryConnection(
  subject: Subject,
  signal: AbortSignal,
): AsyncGenerator<TriedStep, void> {
  const { name, config } = impatient(subject)
  await using source = openSynced(name, config, compileSite(config.site), silent).source
  for await (const step of source.check(signal)) {
    yield { ...step, detail: shownText(step.detail, longestText) }
  }
}

/** Which attributes the first entries have, whatever the mapping asks for. */
export async function lookAtAttributes(
  subject: Subject,
  signal: AbortSignal,
  progress: Progress,
): Promise<AttributeReport> {
  const { name, config } = impatient(subject)
  const options = { ...optionsOf({ name, config }), pageSize: entriesAtOnce }
  const mapping = compileMapping({ source: name, options, site: compileSite(config.site) })
  // All of the user's attributes and all of the server's own (RFC 3673), such as memberOf.
  const request = { ...mapping.request, attributes: ['*', '+'] }
  await using source = openSource(name, options, request, silent)
  const counted = new AttributeCount()
  for await (const { entry, problems } of firstEntries(source, entriesLookedAt, signal)) {
    counted.add(entry, new Set(problems.flatMap(({ attribute }) => attribute ?? [])))
    progress(counted.entries)
  }
  const schema = (await source.schema?.(signal).catch(() => null)) ?? null
  return counted.report(fieldsByAttribute({ name, config }), schema)
}

/** The first entries as the mapping makes people of them. */
export async function previewPeople(
  subject: Subject,
  now: number,
  signal: AbortSignal,
  progress: Progress,
): Promise<PeoplePreview> {
  const { name, config } = impatient(subject)
  const { source, mapping } = openSynced(name, config, compileSite(config.site), silent)
  await using _source = source
  const hidden = fieldsOfSecrets({ name, config })
  const people: PreviewedPerson[] = []
  for await (const { entry, problems } of firstEntries(source, peopleShown, signal)) {
    const mapped = mapping.map(entry, now)
    const texts = [...problems, ...mapped.problems].map(problemText)
    people.push({
      dn: shownText(entry.dn, longestText),
      person: mapped.person && shownPerson(mapped.person, hidden),
      problems: texts,
    })
    progress(people.length)
  }
  return { people }
}

interface FirstEntry {
  readonly entry: Entry
  readonly problems: readonly EntryProblem[]
}

async function* firstEntries(
  source: ReturnType<typeof openSource>,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<FirstEntry, void> {
  let count = 0
  for await (const { entries, problems } of source.read(signal)) {
    const byEntry = Map.groupBy(problems, ({ entry }) => entry)
    for (const entry of entries) {
      yield { entry, problems: byEntry.get(entry.dn) ?? [] }
      if (++count >= most) return
    }
  }
}

function shownPerson(person: Person, hidden: ReadonlySet<string>): PreviewedPerson['person'] {
  const { name, user, extension, aliases, dids, email, disabled, numbers, groups } = person
  const show = <Value>(field: string, value: Value, instead: Value) =>
    hidden.has(field) ? instead : value
  const details: (readonly [string, string])[] = [
    ...numbers.map(({ kind, e164, text }) => [kind, e164 ?? text] as const),
    ...groups.slice(0, valuesShown).map((group) => ['groups', group] as const),
    ...Object.entries(person.details).filter(([field]) => !hidden.has(field)),
  ]
  const mark = [hiddenSecret]
  return {
    name: show('name', name, hiddenSecret),
    user: show('user', user, hiddenSecret),
    extension: show('extension', extension, hiddenSecret),
    aliases: show('aliases', aliases.slice(0, valuesShown), mark),
    dids: show('did', dids.slice(0, valuesShown), mark),
    email: show('email', email, hiddenSecret),
    disabled,
    details: details.filter(([field]) => !hidden.has(field)),
  }
}

/** Fields that somebody maps from what looks like a secret. */
function fieldsOfSecrets(subject: Subject): Set<string> {
  const fields = fieldsByAttribute(subject)
  return new Set([...fields].flatMap(([name, list]) => (isSecretAttribute(name) ? list : [])))
}

/** By attribute in lower case. */
function fieldsByAttribute(subject: Subject): Map<string, string[]> {
  const options = optionsOf(subject)
  const rules = rulesOf({ ...options, map: { ...options.map, ...secretRules(options) } })
  const fields = new Map<string, string[]>()
  for (const [field, rule] of rules) {
    for (const name of new Set(namesIn(rule).map((each) => each.toLowerCase()))) {
      fields.set(name, [...(fields.get(name) ?? []), field])
    }
  }
  return fields
}

function problemText({ attribute, text }: EntryProblem): string {
  return shownText(attribute === undefined ? text : `${attribute}: ${text}`, longestText)
}

export function optionsOf({ name, config }: Subject): Config['sources'][string] {
  const options = config.sources[name]
  if (!options) throw new Error(`there is no source '${name}'`)
  return options
}

/** The same settings, without the patience of a service. */
export function impatient(subject: Subject): Subject {
  const { name, config } = subject
  const options = optionsOf(subject)
  if (options.ldif !== undefined) return subject
  const silenceMs = Math.min(options.silenceMs ?? longestSilenceMs, longestSilenceMs)
  const connectMs = Math.min(options.connectMs ?? 5000, longestSilenceMs)
  const hasty = { ...options, silenceMs, connectMs }
  return { name, config: { ...config, sources: { ...config.sources, [name]: hasty } } }
}

/** What is found is shown, and nothing else. */
export const silent: SourceLog = { debug() {}, info() {}, warn() {}, error() {} }

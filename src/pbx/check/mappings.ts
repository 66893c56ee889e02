import { readConfigFile, type Setting } from './config-file.ts'
import { fail, ok, unlessAny, warn, type Finding } from './finding.ts'
import { may, type Subject } from './subject.ts'

/** extconfig.conf: which family is asked from whom, one line each. */
interface Mapping {
  readonly family: string
  readonly engine: string
  /** As it is written, access data and all: not to be shown. */
  readonly url: string
}

/** Asterisk cuts longer ones (main/config.c). */
const longestUrl = 255

export async function checkMappings(subject: Subject): Promise<readonly Finding[]> {
  const file = await readConfigFile(subject.ami, 'extconfig.conf')
  if (file === null) {
    return [fail('extconfig', 'there is no extconfig.conf', 'see peerage asterisk config')]
  }
  const mappings = file.settings('settings').map(readMapping)
  const families = [
    ...(subject.pjsip ? ['ps_endpoints', 'ps_auths', 'ps_aors'] : []),
    ...(subject.sip ? ['sippeers'] : []),
  ]
  const found = [
    ...families.filter((family) => !mappings.some((each) => each.family === family)).map(missing),
    ...mappings.flatMap((mapping) => checkMapping(mapping, subject, families)),
    ...twice(mappings),
    ...(await differing(mappings, subject)),
  ]
  const asked = mappings.filter(isOurs).map(({ family }) => family)
  return unlessAny(found, ok('extconfig', `asked from Peerage: ${asked.join(', ')}`))
}

function readMapping([family, value]: Setting): Mapping {
  const [engine = '', url = ''] = value.split(',').map((part) => part.trim())
  return { family, engine, url }
}

function isOurs({ engine, url, family }: Mapping): boolean {
  return engine === 'curl' && new RegExp(`/realtime/${RegExp.escape(family)}/?$`).test(url)
}

function missing(family: string): Finding {
  return fail(
    'extconfig',
    `${family} is not asked from anybody`,
    `the line ${family} => curl,… of peerage asterisk config`,
  )
}

function checkMapping(
  mapping: Mapping,
  { expected }: Subject,
  needed: readonly string[],
): Finding[] {
  const { family, engine, url } = mapping
  const line = `the line ${family} => curl,… of peerage asterisk config`
  if (!isOurs(mapping)) {
    // What Peerage need not be asked for may be asked from anybody.
    if (!needed.includes(family)) return []
    const from = engine === 'curl' ? shown(url) : engine
    return [fail('extconfig', `${family} is asked from ${from}, which is not Peerage`, line)]
  }
  const parsed = URL.parse(url)
  if (!parsed) return [fail('extconfig', `${family} has no URL that can be read`, line)]
  const found: Finding[] = []
  if (url.length > longestUrl) {
    found.push(fail('extconfig', `the URL of ${family} is cut at ${longestUrl} characters`, line))
  }
  if (parsed.protocol !== `${expected.scheme}:`) {
    const detail = `${family} is asked by ${parsed.protocol}//, but Peerage listens for ${expected.scheme}://`
    found.push(fail('extconfig', detail, line))
  }
  const port = Number(parsed.port || (parsed.protocol === 'https:' ? 443 : 80))
  if (!expected.ports.includes(port)) {
    const detail = `${family} is asked at port ${port}, and listen.pbx is ${expected.ports.join(', ')}`
    found.push(warn('extconfig', detail, `${line}, unless there is a proxy in between`))
  }
  if (parsed.password !== '') {
    const detail = `the token stands in the URL of ${family}, which Asterisk logs when a question fails`
    found.push(warn('extconfig', detail, 'httpheader in res_curl.conf instead'))
  }
  return found
}

function twice(mappings: readonly Mapping[]): Finding[] {
  const several = Map.groupBy(mappings.filter(isOurs), ({ family }) => family)
  return Array.from(several).flatMap(([family, lines]) =>
    lines.length < 2
      ? []
      : warn(
          'extconfig',
          `${family} has ${lines.length} addresses: lists are never asked from the second one`,
          'one address, and what is highly available behind it',
        ),
  )
}

/** The file may have changed since Asterisk read it. Takes the class command. */
async function differing(mappings: readonly Mapping[], subject: Subject): Promise<Finding[]> {
  if (!may(subject, 'Command')) return []
  const shown = await subject.ami.ask('Command', { Command: 'core show config mappings' })
  const inUse = new Set(
    Array.from((shown.get('output') ?? '').matchAll(/^===> (\S+) \(db=(.*), table=/gm)).map(
      ([, family, url]) => `${family} ${url}`,
    ),
  )
  if (inUse.size === 0) return []
  const others = mappings.filter(({ family, engine, url }) => {
    return engine === 'curl' && !inUse.has(`${family} ${url}`)
  })
  if (others.length === 0) return []
  const names = others.map(({ family }) => family).join(', ')
  const detail = `extconfig.conf was changed and not read since (${names})`
  return [warn('extconfig', detail, "asterisk -rx 'module reload extconfig'")]
}

/** Without access data. */
function shown(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `${parsed.protocol}//${parsed.host}${parsed.pathname}` : 'an unreadable URL'
}

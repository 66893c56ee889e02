import { readConfigFile, valuesOf, type ConfigFile } from './config-file.ts'
import { fail, ok, warn, type Finding } from './finding.ts'
import { may, type Subject } from './subject.ts'

/** What of res_pjsip comes from us, and from which family. */
const objects = { endpoint: 'ps_endpoints', auth: 'ps_auths', aor: 'ps_aors' } as const

/** sorcery.conf: where PJSIP looks for people, and what it remembers of them. */
export async function checkSorcery(subject: Subject): Promise<readonly Finding[]> {
  const file = await readConfigFile(subject.ami, 'sorcery.conf')
  if (file === null) {
    const detail = 'there is no sorcery.conf: PJSIP reads people from pjsip.conf only'
    return [fail('sorcery', detail, 'see peerage asterisk config')]
  }
  const found = [...checkObjects(file), ...checkExtras(file), ...(await checkSettings(subject))]
  const caches = await checkCaches(file, subject)
  const contacts = file
    .settings('res_pjsip')
    .some(([key, value]) => key === 'contact' && value.startsWith('realtime'))
  const kept = contacts ? 'registrations with Peerage' : 'registrations in Asterisk'
  return [
    ...(found.length > 0 ? found : [ok('sorcery', `people from Peerage, ${kept}`)]),
    ...caches,
  ]
}

function checkObjects(file: ConfigFile): Finding[] {
  return Object.entries(objects).flatMap(([object, family]) => {
    const wizards = valuesOf(file.settings('res_pjsip'), object)
    if (wizards.some((wizard) => wizard.split(',').slice(0, 2).join() === `realtime,${family}`)) {
      return []
    }
    return fail(
      'sorcery',
      `${object} is not taken from ${family}`,
      `${object} = realtime,${family} in sorcery.conf [res_pjsip], then restart Asterisk`,
    )
  })
}

function checkExtras(file: ConfigFile): Finding[] {
  const identify = valuesOf(file.settings('res_pjsip_endpoint_identifier_ip'), 'identify')
  const aliases = valuesOf(file.settings('res_pjsip'), 'domain_alias')
  const isRealtime = (wizard: string) => wizard.startsWith('realtime')
  return [
    ...(identify.some(isRealtime)
      ? [
          warn(
            'sorcery',
            'identify is asked by realtime: the whole list, for each request of a stranger',
            'keep trunks in pjsip.conf',
          ),
        ]
      : []),
    ...(aliases.some(isRealtime)
      ? [
          warn(
            'sorcery',
            'domain_alias is asked by realtime: one more question for each REGISTER',
            'leave it out, unless several companies share this Asterisk',
          ),
        ]
      : []),
  ]
}

/** Two settings of pjsip.conf that save questions. */
async function checkSettings({ ami }: Subject): Promise<Finding[]> {
  const file = await readConfigFile(ami, 'pjsip.conf', { Filter: 'type=global' })
  const settings = file?.all() ?? []
  const isSet = valuesOf(settings, 'disable_multi_domain').some((value) =>
    /^yes|true|1$/i.test(value),
  )
  const order = valuesOf(settings, 'endpoint_identifier_order').at(-1) ?? ''
  return [
    ...(isSet
      ? []
      : [
          warn(
            'pjsip',
            'people are also looked for as NAME@DOMAIN: more questions for each request',
            'disable_multi_domain = yes in pjsip.conf [global]',
          ),
        ]),
    ...(/^\s*(auth_username,)?username\b/.test(order)
      ? []
      : [
          warn(
            'pjsip',
            'who calls is looked for by address before he is looked for by name',
            'endpoint_identifier_order = username,ip,anonymous in pjsip.conf [global]',
          ),
        ]),
  ]
}

async function checkCaches(file: ConfigFile, subject: Subject): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const object of Object.keys(objects)) {
    const written = valuesOf(file.settings('res_pjsip'), `${object}/cache`).at(-1)
    findings.push(...(await checkCache(object, written, subject)))
  }
  if (findings.length > 0) return findings
  return [ok('caches', 'endpoint, auth and aor are remembered, and forgotten when Peerage says so')]
}

async function checkCache(
  object: string,
  written: string | undefined,
  subject: Subject,
): Promise<Finding[]> {
  const line = `${object}/cache = memory_cache,object_lifetime_maximum=86400,expire_on_reload=yes`
  const remedy = `${line} in sorcery.conf [res_pjsip], then restart Asterisk`
  if (written === undefined) {
    const detail = `${object} is not cached: it is asked for with each request`
    return [warn('caches', detail, `${line}, as the first line about it, in sorcery.conf`)]
  }
  const [engine, ...options] = written.split(',').map((part) => part.trim())
  if (engine !== 'memory_cache') {
    return [
      warn('caches', `${object} is cached by ${engine}, which cannot be told to forget`, remedy),
    ]
  }
  if (options.length === 0) {
    const detail = `${object}/cache is a bare memory_cache, which Asterisk 22.10 does not survive`
    return [fail('caches', detail, remedy)]
  }
  if (options.some((option) => /^full_backend_cache=(yes|true|1|on)/i.test(option))) {
    const detail = `${object}/cache has full_backend_cache: it cannot forget a single person`
    return [fail('caches', detail, remedy)]
  }
  if (!may(subject, 'PJSIPShowEndpoints')) return [] // nothing of it runs, as is said elsewhere
  // Tells a cache that is not there from an object that is not in it, and expires nothing.
  const cache = { Cache: `res_pjsip/${object}`, Object: 'peerage-probe' }
  const answer = await subject.ami.ask('SorceryMemoryCacheExpireObject', cache)
  if (!/cache does not exist|unknown command/i.test(answer.get('message') ?? '')) return []
  const detail = `${object}/cache stands in sorcery.conf, but Asterisk has no such cache`
  return [warn('caches', detail, 'load res_sorcery_memory_cache.so, and restart Asterisk')]
}

import { fail, ok, unlessAny, warn, type Finding } from './finding.ts'
import { may, type Subject } from './subject.ts'

/** Without these nothing is asked, or nobody is let in. */
const needed = {
  both: ['res_curl', 'func_curl', 'res_config_curl'],
  pjsip: [
    'res_pjsip',
    'res_pjsip_authenticator_digest',
    'res_pjsip_endpoint_identifier_user',
    'res_pjsip_registrar',
    'chan_pjsip',
  ],
  sip: ['chan_sip'],
} as const

/** Without one of these PJSIP does not start, though its modules count as loaded. */
const sorcery = ['res_sorcery_config', 'res_sorcery_realtime', 'res_sorcery_astdb']
/** So is this one, once sorcery.conf names it. */
const memoryCache = 'res_sorcery_memory_cache'

/** Without these something is missing. */
const wanted: readonly (readonly [module: string, why: string])[] = [
  ['pbx_realtime', 'numbers of people cannot be dialled (`switch => Realtime`)'],
  ['app_voicemail', 'there is no voicemail'],
]

const anonymous = 'res_pjsip_endpoint_identifier_anonymous'

export async function checkModules(subject: Subject): Promise<readonly Finding[]> {
  const { ami, pjsip, sip } = subject
  const isMissing = async (module: string): Promise<boolean> =>
    (await ami.ask('ModuleCheck', { Module: module })).get('response') !== 'Success'
  const musts = [...needed.both, ...(pjsip ? needed.pjsip : []), ...(sip ? needed.sip : [])]
  const found: Finding[] = []
  for (const module of musts) {
    if (await isMissing(module)) {
      found.push(fail('modules', `${module} is not loaded`, loadLine(module)))
    }
  }
  for (const [module, why] of wanted) {
    if (await isMissing(module)) {
      found.push(warn('modules', `${module} is not loaded: ${why}`, loadLine(module)))
    }
  }
  if (pjsip) found.push(...(await checkPjsip(subject, isMissing)))
  return unlessAny(found, ok('modules', 'all that matter are loaded'))
}

async function checkPjsip(
  subject: Subject,
  isMissing: (module: string) => Promise<boolean>,
): Promise<Finding[]> {
  const isRunning = may(subject, 'PJSIPShowEndpoints')
  const found: Finding[] = []
  for (const module of [...sorcery, memoryCache]) {
    if (!(await isMissing(module))) continue
    const detail = `${module} is not loaded`
    found.push(
      isRunning
        ? warn('modules', detail, loadLine(module))
        : fail('modules', `${detail}, and PJSIP does not start without it`, loadLine(module)),
    )
  }
  if (!isRunning && found.length === 0) {
    const remedy = 'what Asterisk logs while it starts; sorcery.conf, pjsip.conf'
    found.push(fail('modules', 'PJSIP is loaded, but does not run', remedy))
  }
  if (!(await isMissing(anonymous))) {
    const detail = `${anonymous} is loaded: each stranger costs two more questions`
    found.push(warn('modules', detail, `noload = ${anonymous}.so in modules.conf`))
  }
  return found
}

function loadLine(module: string): string {
  return `load = ${module}.so in modules.conf, then restart Asterisk`
}

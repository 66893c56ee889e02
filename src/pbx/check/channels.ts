import type { AmiConnection } from '../ami/connection.ts'
import type { AmiAnswer } from '../ami/message.ts'
import type { Technology } from '../options.ts'
import { readConfigFile } from './config-file.ts'

/** The SIP channels that are looked at. */
export interface Channels {
  readonly pjsip: boolean
  readonly sip: boolean
}

/**
 * What peerage.yaml names, or else what runs. Where both run (Asterisk up to 18 loads both by itself),
 * those whose people are asked for by realtime; PJSIP when nothing tells.
 */
export async function findChannels(
  ami: AmiConnection,
  listed: AmiAnswer,
  technology: Technology | undefined,
): Promise<Channels> {
  if (technology === 'both') return { pjsip: true, sip: true }
  if (technology !== undefined) return { pjsip: technology === 'pjsip', sip: technology === 'sip' }
  if (!listed.has('sippeers')) return { pjsip: true, sip: false }
  if (!listed.has('pjsipshowendpoints')) return { pjsip: false, sip: true }
  const file = await readConfigFile(ami, 'extconfig.conf')
  const families = new Set(file?.settings('settings').map(([family]) => family))
  const sip = families.has('sippeers')
  return { pjsip: families.has('ps_endpoints') || !sip, sip }
}

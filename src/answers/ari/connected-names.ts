import type { CallerAnswer } from '../caller/caller-answer.ts'
import type { AriClient } from './client.ts'
import type { Channel } from './event.ts'

/** Has Asterisk report each change of a connected line, of all PJSIP telephones, and nothing else. */
export async function followConnected(client: AriClient, application: string): Promise<void> {
  const applicationName = application
  const filter = { allowed: [{ type: 'ChannelConnectedLine' }] }
  await client.ask('applications', 'filter', { applicationName, filter })
  await client.ask('applications', 'subscribe', { applicationName, eventSource: 'endpoint:PJSIP' })
}

/**
 * Names the other side to a telephone that shows a bare number: who is called from it, or was
 * transferred to it. What has a name keeps it; a short number is never taken for a colleague's.
 */
export function nameConnected(
  { id, connected }: Channel,
  client: AriClient,
  caller: (number: string) => CallerAnswer,
): void {
  const { name, number } = connected
  if (number === '' || (name !== '' && name !== number)) return
  const known = caller(number).name
  if (known === null) return
  const update = { channelId: id, variable: 'CONNECTEDLINE(name)', value: known }
  // Who has hung up meanwhile needs no name.
  client.ask('channels', 'setChannelVar', update).catch(() => undefined)
}

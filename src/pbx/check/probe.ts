import { randomBytes } from 'node:crypto'
import { makeProbe } from '../probes.ts'
import { fail, ok, warn, type Finding } from './finding.ts'
import { may, type Subject } from './subject.ts'

/** Milliseconds. A question takes Asterisk 3 ms on an idle machine. */
const slow = 100

const channels = {
  pjsip: { family: 'ps_endpoints', action: 'PJSIPShowEndpoint', field: 'Endpoint' },
  sip: { family: 'sippeers', action: 'SIPpeerstatus', field: 'Peer' },
} as const

/** Lets Asterisk itself look somebody up, and sees whether the question arrives here. */
export async function checkProbe(subject: Subject, channel: 'pjsip' | 'sip'): Promise<Finding[]> {
  const { ami, service } = subject
  const { family, action, field } = channels[channel]
  if (!may(subject, action)) {
    const name = channel === 'pjsip' ? 'PJSIP' : 'chan_sip'
    return [fail('probe', `${name} does not run, so nobody is asked for`, 'what is said above')]
  }
  const name = makeProbe(randomBytes(8).toString('hex'))
  const begun = performance.now()
  await ami.ask(action, { [field]: name })
  const tookMs = Math.round(performance.now() - begun)
  if (service === null) {
    const detail = 'not known whether Asterisk asks this Peerage, for it does not run'
    return [warn('probe', detail, 'peerage serve, then check again')]
  }
  const seen = await service.probe(name)
  const asked = seen.find(({ question }) => question.startsWith(`${family}/`))
  if (!asked) {
    const detail = `Asterisk looked for somebody (${tookMs} ms), and its question did not arrive here`
    const remedy = `the URL of ${family} in extconfig.conf, the token, the network in between; the logs of both say more`
    return [fail('probe', detail, remedy)]
  }
  const detail = `${family} is asked here, by ${asked.address}, in ${tookMs} ms`
  const finding =
    tookMs < slow
      ? ok('probe', detail)
      : warn('probe', detail, 'look for a proxy, a busy machine or a name server in between')
  return [finding, ...(await checkSomeone(subject, channel))]
}

/** Asterisk rejects a row as a whole when it cannot read one field of it. */
async function checkSomeone(subject: Subject, channel: 'pjsip' | 'sip'): Promise<Finding[]> {
  const { ami, service } = subject
  const extension = service?.someone ?? null
  if (extension === null) {
    return [warn('person', 'Peerage has nobody with an extension', 'see peerage runs')]
  }
  // Fresh, and not out of the cache: it may have been accepted long ago.
  if (channel === 'pjsip') {
    const cached = { Cache: 'res_pjsip/endpoint', Object: extension }
    await ami.ask('SorceryMemoryCacheExpireObject', cached)
  }
  const { action, field, family } = channels[channel]
  const answer = await ami.ask(action, { [field]: extension })
  if (answer.get('response') === 'Success') {
    return [ok('person', `Asterisk accepts what Peerage answers for ${extension}`)]
  }
  const remedy = `asterisk -rx 'realtime load ${family} ${channel === 'pjsip' ? 'id' : 'name'} ${extension}', and Asterisk's log, which names the field`
  return [fail('person', `Asterisk does not accept what Peerage answers for ${extension}`, remedy)]
}

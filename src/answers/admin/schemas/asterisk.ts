import { Type } from 'typebox'
import type { PbxStatus } from '../../../pbx/pbx.ts'
import type { SeenProbe } from '../../../pbx/probes.ts'
import type { AriStatus } from '../../ari/asterisk.ts'
import type { FoundProbes, Someone } from '../asterisk.ts'
import { component, count, flag, oneOf, orNull, text, writtenMoment } from './component.ts'

const problem = orNull(Type.String(), 'What is wrong now, or went wrong last; null: nothing did.')

const pbxStatus = component<PbxStatus>()('AsteriskConnection', {
  name: text(),
  address: text('`host:port` of its manager interface.'),
  connected: flag(),
  connectedSince: orNull(writtenMoment('Since when'), 'Null: it is not connected.'),
  technologies: Type.Array(oneOf(['pjsip', 'sip']), {
    description: 'What it is told about; empty until it was connected once.',
  }),
  problem,
  expired: count('Objects and peers that it dropped because it was told to.'),
  flushed: count('How often it was told to drop everything.'),
  woken: orNull(
    count('Registered phones that were made known to it.'),
    'Null: that is not configured.',
  ),
})

const ariStatus = component<AriStatus>()('AriConnection', {
  name: text(),
  url: text(),
  connected: flag(),
  problem,
  calls: count('That were answered and sent on since the start.'),
  stranded: count('Of them, those that a lost connection had left behind.'),
})

const seenProbe = component<SeenProbe>()('SeenProbe', {
  probe: text(),
  question: text('The path that was asked, as `ps_endpoints/single`.'),
  address: text('Who asked.'),
})

const foundProbes = component<FoundProbes>()('SeenProbes', { seen: Type.Array(seenProbe) })

const someone = component<Someone>()('Someone', {
  extension: orNull(
    Type.String(),
    'Of somebody whom Asterisk is told about; null: there is nobody.',
  ),
  people: count('How many have an extension.'),
})

export const asteriskAnswers = {
  'GET /api/asterisk': Type.Object({
    asterisk: Type.Array(pbxStatus),
    ari: Type.Array(ariStatus),
  }),
  'GET /api/asterisk/probes/{probe}': foundProbes,
  'GET /api/asterisk/someone': someone,
}

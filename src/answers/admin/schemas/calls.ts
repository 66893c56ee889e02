import { Type } from 'typebox'
import type { Clicked } from '../../ari/click.ts'
import type { CallerAnswer } from '../../caller/caller-answer.ts'
import type { Route } from '../../caller/called.ts'
import type { Match } from '../../caller/match.ts'
import type { OutboundCall } from '../../caller/outbound.ts'
import type { Why } from '../why.ts'
import { component, flag, oneOf, orNull, text, texts } from './component.ts'
import { person } from './people.ts'

const reasons = texts('The reasons, a sentence each.')

const match = component<Match>()('CallerMatch', {
  how: oneOf(['extension', 'number', 'end', 'company', 'nobody', 'withheld']),
  person: orNull(person, 'Null: only the organisation is known, or nothing.'),
  kind: orNull(
    oneOf(['work', 'mobile', 'home', 'fax', 'pager', 'assistant', 'other', 'extension', 'did']),
    'Which of his numbers it is.',
  ),
  organisation: orNull(Type.String()),
  e164: orNull(Type.String(), 'Null: it is no public number.'),
  sent: text('As it was sent, cleaned.'),
  why: reasons,
})

const caller = component<CallerAnswer>()('Caller', {
  match,
  name: orNull(Type.String(), 'Null: not known, so what the trunk sent stays.'),
  number: orNull(Type.String(), 'Null: as it was sent.'),
  extension: orNull(Type.String()),
  language: orNull(Type.String()),
  pictureUrl: orNull(Type.String()),
  isVip: flag(),
})

const route = component<Route>()('CallRoute', {
  how: oneOf(['person', 'shared', 'configured', 'manager', 'deputy', 'operator', 'nobody']),
  extensions: texts('Who is rung; empty: nobody.'),
  ring: oneOf(['all', 'order']),
  person: orNull(person, 'Whose mailbox and ringing time count; null: no person is rung.'),
  e164: orNull(Type.String(), 'Null: it is no public number.'),
  why: reasons,
})

const outbound = component<OutboundCall>()('OutboundCall', {
  how: oneOf(['caller-id', 'own', 'department', 'site', 'nothing']),
  number: orNull(Type.String(), 'As the trunk wants it; null: what is there stays.'),
  isWithheld: flag(),
  dial: orNull(
    Type.String(),
    'What the trunk is to dial, without outside prefix; null: it is no number.',
  ),
  called: orNull(Type.String(), 'Who is called, in E.164; null: a service number, or none.'),
  person: orNull(person, 'Who calls.'),
  why: reasons,
})

const why = component<Why>()('Why', {
  caller,
  called: route,
  outbound: orNull(outbound, 'When `from` was asked for.'),
})

export const begunCall = component<Exclude<Clicked, { readonly problem: unknown }>>()('BegunCall', {
  asterisk: text('Name of the Asterisk that rings.'),
  channel: text('Id of the channel there.'),
  dials: text('What is dialled when he answers.'),
})

export const callAnswers = {
  'GET /api/why': why,
  'POST /api/calls': begunCall,
}

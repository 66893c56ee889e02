import { Type } from 'typebox'
import type { Person } from '../../../person/person.ts'
import type { Self } from '../../me/me.ts'
import { begunCall } from './calls.ts'
import { component, flag, idOfPerson, orNull, text, texts, writtenMoment } from './component.ts'
import { contact } from './phones.ts'

type Me = Pick<Person, 'id' | 'name' | 'user' | 'email'> & Self

const me = component<Me>()('Me', {
  id: idOfPerson,
  name: text(),
  user: orNull(Type.String(), 'Login name.'),
  email: orNull(Type.String()),
  extension: orNull(Type.String(), 'Null: he has none, or somebody else has it.'),
  contact: orNull(contact, 'As his colleagues find him; null: they do not.'),
  hasMailbox: flag('Calls that he does not take are recorded under his extension.'),
  phones: texts('Where phones are registered, as Asterisk wrote it.'),
  mayChangePin: flag(),
  mayHaveAccount: flag('A telephone may get his SIP account by a link.'),
  mayRenewSecret: flag(),
  mayCall: flag('An Asterisk is connected that rings him when he wants to call somebody.'),
})

const kept = Type.Object({ ok: Type.Literal(true) })

export const meAnswers = {
  'GET /api/me': me,
  'GET /api/me/colleagues': Type.Object({ contacts: Type.Array(contact) }),
  'POST /api/me/pin': kept,
  'POST /api/me/setup-link': Type.Object({
    path: text('To be put behind the address of this service.'),
    expiresAt: writtenMoment('Until when it is good'),
  }),
  'POST /api/me/renew-secret': kept,
  'POST /api/me/calls': begunCall,
}

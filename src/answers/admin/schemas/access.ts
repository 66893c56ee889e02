import { Type } from 'typebox'
import { roles, type Account } from '../../../state/accounts.ts'
import type { AuditEntry } from '../../../state/audit.ts'
import { scopes } from '../../../state/token-scopes.ts'
import type { Token, TokenUse } from '../../../state/tokens.ts'
import type { NewToken } from '../tokens.ts'
import { component, count, moment, next, oneOf, orNull, text } from './component.ts'

const tokenUse = component<TokenUse>()('TokenUse', {
  at: moment('When it was shown'),
  from: text('Address that it came from.'),
})

const token = component<Token>()('Token', {
  name: text('What it is for.'),
  scopes: Type.Array(oneOf(scopes)),
  createdAt: moment('When it was made'),
  lastUse: orNull(tokenUse, 'Null: never so far.'),
})

const newToken = component<NewToken>()('NewToken', {
  name: text('What it is for.'),
  scopes: Type.Array(oneOf(scopes)),
  token: text('Shown this once.'),
})

const account = component<Account>()('Account', {
  name: text(),
  role: oneOf(roles),
  changedAt: moment('When it got its password'),
})

const auditEntry = component<AuditEntry>()('AuditEntry', {
  id: count('Greater for what is later.'),
  at: moment('When it was done'),
  kind: oneOf(['change', 'sign-in', 'refusal']),
  actor: text('`account/NAME`, `person/ID`, `token/NAME`, `socket` or `unknown name`.'),
  address: text('That it came from.'),
  action: text('`POST /api/people/:id/disable`, or a way to sign in.'),
  target: text('What was changed; empty: nothing in particular.'),
  outcome: text('`done`, `refused`, or why not.'),
})

export const accessAnswers = {
  'GET /api/tokens': Type.Object({ tokens: Type.Array(token) }),
  'POST /api/tokens': newToken,
  'POST /api/tokens/{name}/revoke': Type.Object({ revoked: text('Its name.') }),
  'GET /api/audit': Type.Object({ entries: Type.Array(auditEntry), next }),
  'GET /api/accounts': Type.Object({ accounts: Type.Array(account) }),
  'POST /api/accounts/{name}/reset': Type.Object({
    name: text(),
    password: text('The new one, shown this once.'),
  }),
}

import { dirname, join } from 'node:path'
import { Type } from 'typebox'
import type { Complaint } from '../complaint.ts'
import { Accounts } from './accounts.ts'
import { Audit } from './audit.ts'
import { StateUnavailable, type Database } from './database.ts'
import { migrate } from './migrate.ts'
import { NoticeBook } from './notice-book.ts'
import { PhoneTokens } from './phone-tokens.ts'
import { PeopleStore } from './people-store.ts'
import { Plans } from './plans.ts'
import { Runs } from './runs.ts'
import { openSeal } from './seal.ts'
import { Secrets } from './secrets.ts'
import { Sessions } from './sessions.ts'
import { openSqlite } from './sqlite.ts'
import { Tokens } from './tokens.ts'
import { WrittenRows } from './written-rows.ts'

/** Everything that survives a restart, open. */
export interface State extends AsyncDisposable {
  readonly database: Database
  readonly people: PeopleStore
  readonly secrets: Secrets
  readonly contacts: WrittenRows
  readonly registrations: WrittenRows
  readonly iaxRegistrations: WrittenRows
  readonly queueMembers: WrittenRows
  readonly runs: Runs
  readonly plans: Plans
  readonly notices: NoticeBook
  readonly tokens: Tokens
  readonly phones: PhoneTokens
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly audit: Audit
}

export const stateProperties = {
  state: Type.String({
    default: 'sqlite:./data/peerage.db',
    description:
      'Database for what must survive a restart: people, secrets, contacts, runs. `sqlite:PATH`; relative to the configuration file.',
  }),
  stateKey: Type.Optional(
    Type.String({
      description:
        'Key that secrets are encrypted with at rest: 32 bytes in base64. Without it a file `peerage.key` (mode 0600) is made beside the database.',
    }),
  ),
  stateKeyFile: Type.Optional(
    Type.String({ description: 'File that holds the key (32 bytes in base64).' }),
  ),
}

export interface StateOptions {
  readonly state: string
  readonly stateKey?: string
}

export function checkState(options: StateOptions): Complaint[] {
  if (/^sqlite:./.test(options.state)) return []
  return [
    {
      path: 'state',
      problem: `'${options.state.replace(/:.*/s, ':…')}' is not a database that Peerage knows; expected sqlite:PATH`,
      example: 'sqlite:./data/peerage.db',
    },
  ]
}

/** The file behind `sqlite:…`. */
export function databasePath(options: StateOptions): string {
  return options.state.slice('sqlite:'.length)
}

/** Opens the database, brings its tables forward and reads what is answered from memory. */
export async function openState(options: StateOptions, now: () => number): Promise<State> {
  const path = databasePath(options)
  await using stack = new AsyncDisposableStack()
  const database = stack.use(await openSqlite(path))
  await migrate(database)
  const keyFile = path === ':memory:' ? null : join(dirname(path), 'peerage.key')
  const seal = openSeal(options.stateKey, keyFile)
  const secrets = await Secrets.open(database, seal, now).catch((error: unknown) => {
    throw new StateUnavailable(
      `the secrets in '${path}' were sealed with another key; give the right one as stateKey or in '${keyFile ?? 'stateKeyFile'}'`,
      { cause: error },
    )
  })
  const contacts = await WrittenRows.open(database, 'contacts', now)
  const registrations = await WrittenRows.open(database, 'registrations', now)
  const iaxRegistrations = await WrittenRows.open(database, 'iaxRegistrations', now)
  const queueMembers = await WrittenRows.open(database, 'queueMembers', now)
  const runs = await Runs.open(database)
  const plans = await Plans.open(database)
  const notices = await NoticeBook.open(database)
  const tokens = await Tokens.open(database, now)
  const phones = stack.use(await PhoneTokens.open(database, now))
  const accounts = await Accounts.open(database, now)
  const sessions = await Sessions.open(database, now)
  const audit = await Audit.open(database)
  const opened = stack.move()
  return {
    database,
    people: new PeopleStore(database),
    secrets,
    contacts,
    registrations,
    iaxRegistrations,
    queueMembers,
    runs,
    plans,
    notices,
    tokens,
    phones,
    accounts,
    sessions,
    audit,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

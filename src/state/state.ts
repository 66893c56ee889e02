import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { Type } from 'typebox'
import type { Complaint } from '../complaint.ts'
import { Accounts } from './accounts.ts'
import { Audit } from './audit.ts'
import { StateUnavailable, type Database } from './database.ts'
import { DoneRequests } from './done-requests.ts'
import { soleHolder, type Lease } from './lease.ts'
import { migrate } from './migrate.ts'
import { NoticeBook } from './notice-book.ts'
import { PhoneTokens } from './phone-tokens.ts'
import { PeopleStore } from './people-store.ts'
import { Plans } from './plans.ts'
import {
  addressText,
  checkAddress,
  isPostgres,
  parseAddress,
  type PostgresAddress,
} from './postgres/address.ts'
import { openPostgres } from './postgres/postgres.ts'
import { DatabaseRows, type RowStore } from './row-store.ts'
import { Runs } from './runs.ts'
import { openSeal } from './seal.ts'
import { Secrets } from './secrets.ts'
import { Sessions } from './sessions.ts'
import { SetupLinks } from './setup-links.ts'
import { openShared, type SharedState } from './shared-state.ts'
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
  readonly doneRequests: DoneRequests
  readonly setupLinks: SetupLinks
  /** Who of several nodes synchronises. */
  readonly lease: Lease
  /** Null: the state is this node's alone. */
  readonly shared: SharedState | null
}

export const stateProperties = {
  state: Type.String({
    default: 'sqlite:./data/peerage.db',
    description:
      'Database for what must survive a restart: people, secrets, contacts, runs. `sqlite:PATH`, relative to the configuration file, for one node; `postgres://USER@HOST[,HOST]/DATABASE` for several.',
  }),
  statePassword: Type.Optional(Type.String({ description: 'Password of the user of PostgreSQL.' })),
  statePasswordFile: Type.Optional(
    Type.String({ description: 'File that holds the password of the user of PostgreSQL.' }),
  ),
  stateKey: Type.Optional(
    Type.String({
      description:
        'Key that secrets are encrypted with at rest: 32 bytes in base64. Without it a file `peerage.key` (mode 0600) is made beside the database. Nodes that share a state need the same key.',
    }),
  ),
  stateKeyFile: Type.Optional(
    Type.String({ description: 'File that holds the key (32 bytes in base64).' }),
  ),
  stateJournalFile: Type.String({
    default: './data/node.db',
    description:
      'With PostgreSQL: where this node keeps registrations of phones while the state is away. Beside it is the socket of the commands.',
  }),
  node: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description:
        'With PostgreSQL: what this node is called in messages. Default: the name of the host.',
    }),
  ),
}

export interface StateOptions {
  readonly state: string
  readonly statePassword?: string
  readonly stateKey?: string
  readonly stateJournalFile?: string
  readonly node?: string
}

export function checkState(options: StateOptions): Complaint[] {
  if (isPostgres(options.state)) {
    const complaints = checkAddress(options.state)
    if (options.stateKey === undefined) {
      const problem =
        'is missing: nodes that share a state have to share the key of its secrets, too; make one with: openssl rand -base64 32'
      complaints.push({ path: 'stateKeyFile', problem, example: '/run/secrets/peerage-key' })
    }
    return complaints
  }
  if (/^sqlite:./.test(options.state)) return []
  return [
    {
      path: 'state',
      problem: `'${options.state.replace(/:.*/s, ':…')}' is not a database that Peerage knows; expected sqlite:PATH or postgres://USER@HOST/DATABASE`,
      example: 'sqlite:./data/peerage.db',
    },
  ]
}

/** The file of this node: the whole state, or with PostgreSQL its journal. */
export function databasePath({ state, stateJournalFile = ':memory:' }: StateOptions): string {
  return isPostgres(state) ? stateJournalFile : state.slice('sqlite:'.length)
}

/** For messages: the file or the address, without a password. */
export function stateName(options: StateOptions): string {
  return isPostgres(options.state) ? addressText(addressOf(options)) : databasePath(options)
}

/** The database alone, to look into: nothing is migrated. Undefined: there is no such file. */
export async function openDatabase(options: StateOptions): Promise<Database | undefined> {
  if (!isPostgres(options.state) && !existsSync(databasePath(options))) return undefined
  return makeDatabase(options)
}

/** The same; the file is made if there is none. */
export async function makeDatabase(options: StateOptions): Promise<Database> {
  if (isPostgres(options.state)) return openPostgres(addressOf(options), 'command')
  return openSqlite(databasePath(options))
}

/** Opens the database, brings its tables forward and reads what is answered from memory. */
export async function openState(options: StateOptions, now: () => number): Promise<State> {
  await using stack = new AsyncDisposableStack()
  const { database, fenced, rows, shared } = await openKept(options, now, stack)
  const seal = openSeal(options.stateKey, keyFileOf(options))
  const secrets = await Secrets.open(database, seal, now, fenced).catch((error: unknown) => {
    if (error instanceof StateUnavailable) throw error
    throw new StateUnavailable(
      `the secrets in '${stateName(options)}' were sealed with another key; give the right one as stateKey or in '${keyFileOf(options) ?? 'stateKeyFile'}'`,
      { cause: error },
    )
  })
  const contacts = await WrittenRows.open(rows, 'contacts')
  const registrations = await WrittenRows.open(rows, 'registrations')
  const iaxRegistrations = await WrittenRows.open(rows, 'iaxRegistrations')
  const queueMembers = await WrittenRows.open(rows, 'queueMembers')
  const runs = await Runs.open(fenced)
  const plans = await Plans.open(fenced)
  const notices = await NoticeBook.open(fenced)
  const tokens = await Tokens.open(database, now)
  const phones = stack.use(await PhoneTokens.open(database, now))
  const accounts = await Accounts.open(database, now)
  const sessions = await Sessions.open(database, now)
  const audit = await Audit.open(database)
  const opened = stack.move()
  return {
    database,
    people: new PeopleStore(database, fenced),
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
    doneRequests: new DoneRequests(database, now),
    setupLinks: new SetupLinks(database, now),
    lease: shared?.lease ?? soleHolder,
    shared,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

interface Kept {
  readonly database: Database
  readonly fenced: Database
  readonly rows: RowStore
  readonly shared: SharedState | null
}

async function openKept(
  options: StateOptions,
  now: () => number,
  stack: AsyncDisposableStack,
): Promise<Kept> {
  if (isPostgres(options.state)) {
    const { node: name = hostname() } = options
    const given = { address: addressOf(options), name, journal: databasePath(options) }
    const shared = await openShared(given, now, stack)
    return { ...shared, shared }
  }
  const database = stack.use(await openSqlite(databasePath(options)))
  await migrate(database)
  return { database, fenced: database, rows: new DatabaseRows(database, now), shared: null }
}

function keyFileOf(options: StateOptions): string | null {
  const path = databasePath(options)
  return path === ':memory:' || isPostgres(options.state)
    ? null
    : join(dirname(path), 'peerage.key')
}

function addressOf({ state, statePassword }: StateOptions): PostgresAddress {
  const address = parseAddress(state)
  if (!address) throw new StateUnavailable(`'state' is not the address of a PostgreSQL database`)
  return statePassword === undefined ? address : { ...address, password: statePassword }
}

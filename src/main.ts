import { parseArgs } from 'node:util'
import { account } from './commands/account.ts'
import { asterisk } from './commands/asterisk.ts'
import { backup, restore } from './commands/backup.ts'
import { check } from './commands/check.ts'
import { completion } from './commands/completion.ts'
import { health } from './commands/health.ts'
import { lookup } from './commands/lookup.ts'
import { manual } from './commands/manual.ts'
import { openfire } from './commands/openfire.ts'
import { person } from './commands/person.ts'
import { phoneUrl } from './commands/phone-url.ts'
import { phones } from './commands/phones.ts'
import { plan } from './commands/plan.ts'
import { approve, plans, reject } from './commands/plans.ts'
import { runs } from './commands/runs.ts'
import { serve } from './commands/serve.ts'
import { state } from './commands/state.ts'
import { sync, syncOnly } from './commands/sync.ts'
import { token } from './commands/token.ts'
import { version } from './version.ts'
import { why } from './commands/why.ts'

export const usage = `Peerage answers what Asterisk and its phones ask about people, out of your directory.

  peerage serve                     run the service (without a configuration: the sample company)
  peerage demo                      run the service on the bundled sample company
  peerage check                     check the configuration and each connection, step by step
  peerage plan [SOURCE]             what a read would change; changes nothing. --config may name a
                                    configuration that is not in use yet
          --against FILE            the configuration that the service runs with, if it is another
  peerage sync [SOURCE]             read the directories now (asks the running service)
          --only X                  read one entry again: DN, id, login name or number
  peerage plans [ID]                changes that are held because they are many
  peerage approve ID, reject ID     apply a held plan, or never
  peerage runs, runs show N         what became of the latest reads
  peerage person ID|NUMBER disable|enable|unmanage|manage|reset-pin|reset-secret
                                    decide about a telephone, whatever the directory says
  peerage lookup NUMBER|USER        who is that? (asks the running service)
          --secrets                 show SIP secret and voicemail PIN, too
          --json                    print JSON
  peerage account reset [NAME]      another password for an account of Peerage itself (superadmin)
  peerage token                     tokens of other programs: what for, and when they were used
  peerage token make NAME           a new one, shown once
          --scopes read,lookup      administer, help, read, metrics, lookup, auth; default: read
  peerage token revoke NAME         it is good for nothing any more
  peerage openfire [SOURCE]         Openfire's configuration for signing in at your directory
  peerage state copy FROM TO        move an installation: sqlite:PATH postgres://USER@HOST/DATABASE
  peerage asterisk check [NAME]     what is right, wrong or slow in each Asterisk, and what to do
  peerage asterisk config [NAME]    the files of Asterisk for this installation, ready to use
          --version 22|20|18|16, --driver pjsip|chan_sip, --cache on|off,
          --contacts local|shared, --url URL, --etc DIR, --out DIR
  peerage why NUMBER                who calls with this number, whom it rings, which number is shown,
                                    step by step
          --trunk NAME              as the trunk of that name sends it (calls.trunks)
          --from EXTENSION          what a call from there to this number shows and dials

  peerage phone-url --vendor V --device D [--view staff]
                                    let a desk phone read the phone book; prints what to enter at it
  peerage phones                    who may read the phone book, and when he did
  peerage phones revoke ID          not any more
  peerage health                    is it running, and how old are its people?
  peerage backup FILE               copy the state, also of a running service, without the key
  peerage restore FILE              put a copy in the place of a state that is not there
  peerage manual                    the manual page, for man(1)
  peerage completion bash|zsh|fish  what the shell is to suggest

  --config FILE                     default: $PEERAGE_CONFIG, ./peerage.yaml, /etc/peerage/peerage.yaml
  --version, --help
`

/** Runs one command. Returns the exit code: 0 done, 1 failed, 2 not understood. */
export async function main(args: readonly string[]): Promise<number> {
  const [first, ...others] = args
  try {
    if (first === 'asterisk') return await asterisk(others, usage)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
  const parsed = readArguments(args)
  if (typeof parsed === 'string') {
    process.stderr.write(`${parsed}\n\n${usage}`)
    return 2
  }
  const { values, positionals } = parsed
  const [command = 'help', ...rest] = positionals
  if (values.version) return print(`${version()}\n`)
  if (values.help) return print(usage)
  try {
    switch (command) {
      case 'serve':
        return await serve(values.config, 'configured')
      case 'demo':
        return await serve(undefined, 'demo')
      case 'check':
        return await check(values.config)
      case 'sync':
        return values.only === undefined
          ? await sync(values.config, rest[0])
          : await syncOnly(values.config, values.only)
      case 'plan':
        return await plan(rest[0], values)
      case 'plans':
        return await plans(values.config, rest[0], values.json)
      case 'approve':
        return await approve(values.config, rest[0])
      case 'reject':
        return await reject(values.config, rest[0])
      case 'runs':
        return await runs(values.config, rest, values.json)
      case 'person':
        return await person(values.config, rest[0], rest[1])
      case 'phone-url':
        return await phoneUrl(values)
      case 'phones':
        return await phones(values.config, rest, values.json)
      case 'account':
        return await account(values.config, rest[0], rest[1])
      case 'token':
        return await token(rest, values)
      case 'openfire':
        return await openfire(values.config, rest[0])
      case 'state':
        return await state(rest)
      case 'lookup':
        return await lookup(values.config, rest.join(' '), values)
      case 'why':
        return await why(values.config, rest.join(' '), values)
      case 'manual':
        return print(manual(usage, version()))
      case 'completion':
        return print(completion(usage, rest[0]))
      case 'health':
        return await health(values.config)
      case 'backup':
        return backup(values.config, rest[0])
      case 'restore':
        return await restore(values.config, rest[0])
      case 'help':
        return print(usage)
      default:
        process.stderr.write(`there is no command '${command}'\n\n${usage}`)
        return 2
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string', short: 'c' },
        against: { type: 'string' },
        only: { type: 'string' },
        trunk: { type: 'string' },
        from: { type: 'string' },
        vendor: { type: 'string' },
        view: { type: 'string', default: 'staff' },
        device: { type: 'string' },
        scopes: { type: 'string', default: 'read' },
        secrets: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))

import { parseArgs } from 'node:util'
import { check } from './commands/check.ts'
import { lookup } from './commands/lookup.ts'
import { serve } from './commands/serve.ts'
import { sync } from './commands/sync.ts'
import { version } from './commands/version.ts'

const usage = `Peerage answers what Asterisk and its phones ask about people, out of your directory.

  peerage serve                     run the service (without a configuration: the sample company)
  peerage demo                      run the service on the bundled sample company
  peerage check                     check the configuration and each connection, step by step
  peerage sync [SOURCE]             read the directories now (asks the running service)
  peerage lookup NUMBER|USER        who is that? (asks the running service)
          --secrets                 show SIP secret and voicemail PIN, too
          --json                    print JSON

  --config FILE                     default: $PEERAGE_CONFIG, ./peerage.yaml, /etc/peerage/peerage.yaml
  --version, --help
`

/** Runs one command. Returns the exit code: 0 done, 1 failed, 2 not understood. */
export async function main(args: readonly string[]): Promise<number> {
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
        return await sync(values.config, rest[0])
      case 'lookup':
        return await lookup(values.config, rest.join(' '), values)
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

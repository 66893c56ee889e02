import { parseArgs } from 'node:util'
import { asteriskCheck } from './asterisk-check.ts'
import { asteriskConfig } from './asterisk-config.ts'

/** `peerage asterisk …` has options of its own: `--version` is that of an Asterisk here. */
export async function asterisk(args: readonly string[], usage: string): Promise<number> {
  let parsed
  try {
    parsed = readArguments(args)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
  const { values, positionals } = parsed
  const [command, name] = positionals
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  switch (command) {
    case 'config':
      return asteriskConfig(name, values)
    case 'check':
      return asteriskCheck(name, values)
    default:
      process.stderr.write(`peerage asterisk config, or peerage asterisk check?\n\n${usage}`)
      return 2
  }
}

function readArguments(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string', short: 'c' },
      version: { type: 'string' },
      driver: { type: 'string' },
      cache: { type: 'string' },
      contacts: { type: 'string' },
      url: { type: 'string' },
      etc: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
}

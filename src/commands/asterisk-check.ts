import type { FoundProbes, Someone } from '../answers/admin/asterisk.ts'
import type { Config } from '../config/schema.ts'
import { parseAddress, pbxAddresses } from '../http/addresses.ts'
import { examineAsterisk, type ExamineDeps } from '../pbx/check/examine.ts'
import type { Finding, Level } from '../pbx/check/finding.ts'
import type { RunningService } from '../pbx/check/subject.ts'
import { askService, ServiceUnavailable } from './control.ts'
import { findAsterisk } from './find-asterisk.ts'
import { loadConfig } from './load-config.ts'
import { paintFor } from '../paint.ts'

export interface CheckArguments {
  readonly config?: string | undefined
  readonly json: boolean
}

/** `peerage asterisk check [NAME]`: what is right, wrong or slow in each Asterisk. 1 when one fails. */
export async function asteriskCheck(
  name: string | undefined,
  { config: file, json }: CheckArguments,
): Promise<number> {
  const { config } = loadConfig(file)
  const only = name === undefined ? undefined : findAsterisk(config.asterisk, name)
  const deps = { expected: expectedOf(config), service: await findService(config), now: Date.now }
  const reports: { asterisk: string; findings: Finding[] }[] = []
  if (config.asterisk.length === 0) {
    throw new Error(
      'there is no Asterisk in peerage.yaml; add it to `asterisk:` (docs/asterisk.md)',
    )
  }
  for (const [index, options] of config.asterisk.entries()) {
    if (only !== undefined && options !== only) continue
    const findings: Finding[] = []
    reports.push({ asterisk: options.name, findings })
    if (!json) process.stdout.write(`${reports.length > 1 ? '\n' : ''}${options.name}\n`)
    const examined = examineAsterisk(options, `asterisk[${index}]`, { ...deps, timeoutMs: 10_000 })
    for await (const finding of examined) {
      findings.push(finding)
      if (!json) process.stdout.write(line(finding))
    }
  }
  if (json) process.stdout.write(`${JSON.stringify({ asterisk: reports }, null, 2)}\n`)
  const all = reports.flatMap(({ findings }) => findings)
  return all.some(({ level }) => level === 'fail') ? 1 : 0
}

function expectedOf({ listen, listEverybody }: Config): ExamineDeps['expected'] {
  const ports = pbxAddresses(listen).flatMap(([, text]) => parseAddress(text)?.port ?? [])
  const scheme = listen.pbxTls ? 'https' : 'http'
  return { scheme, ports, token: listen.pbxToken ?? null, isListed: listEverybody }
}

async function findService(config: Config): Promise<RunningService | null> {
  try {
    const someone = await askService(config, 'GET', '/api/asterisk/someone')
    const { extension, people } = someone as Someone
    return {
      someone: extension,
      people,
      async probe(probe) {
        const path = `/api/asterisk/probes/${probe}`
        return ((await askService(config, 'GET', path)) as FoundProbes).seen
      },
    }
  } catch (error) {
    if (error instanceof ServiceUnavailable) return null
    throw error
  }
}

const marks: Readonly<Record<Level, readonly [string, 'green' | 'yellow' | 'red']>> = {
  ok: ['ok  ', 'green'],
  warn: ['WARN', 'yellow'],
  fail: ['FAIL', 'red'],
}

function line({ level, what, detail, remedy }: Finding): string {
  const paint = paintFor(process.stdout, process.env)
  const [mark, colour] = marks[level]
  const after = remedy === null ? '' : `\n${' '.repeat(21)}→ ${remedy}`
  return `  ${paint(colour, mark)} ${what.padEnd(13)} ${forTerminal(detail)}${after}\n`
}

/** Some of it was written elsewhere. */
function forTerminal(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}

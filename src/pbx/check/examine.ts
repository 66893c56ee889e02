import { connectAmi } from '../ami/connect.ts'
import type { AmiConnection } from '../ami/connection.ts'
import type { AsteriskOptions } from '../options.ts'
import { findChannels } from './channels.ts'
import { checkChanSip } from './chan-sip.ts'
import { fail, ok, warn, type Finding } from './finding.ts'
import { checkMappings } from './mappings.ts'
import { checkModules } from './modules.ts'
import { checkProbe } from './probe.ts'
import { checkQuestions } from './questions.ts'
import { checkRights } from './rights.ts'
import { checkSorcery } from './sorcery.ts'
import { checkWaking } from './waking.ts'
import type { Expected, RunningService, Subject } from './subject.ts'

export interface ExamineDeps {
  readonly expected: Expected
  /** null: no service runs. */
  readonly service: RunningService | null
  readonly now: () => number
  /** Longest silence, in milliseconds. */
  readonly timeoutMs: number
}

/**
 * Looks at one Asterisk over its manager interface: what it is, how it asks, and whether its
 * questions arrive. Changes nothing; asks for files by name, and shows nothing secret of them.
 * `path` is where the options stand in the configuration.
 */
export async function* examineAsterisk(
  options: AsteriskOptions,
  path: string,
  deps: ExamineDeps,
): AsyncGenerator<Finding> {
  const { ami: account } = options
  const times = { timeoutMs: deps.timeoutMs }
  const { signal } = new AbortController()
  try {
    await using ami = await connectAmi(account, `${path}.ami`, times, () => {}, signal)
    yield ok('connection', `${account.host}:${account.port}, as ${account.user}`)
    yield* examineConnected(ami, options, deps)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    const [problem = detail, ...remedy] = detail.split('; ')
    yield fail('connection', problem, remedy.join('; ') || `check ${path}.ami`)
  }
}

async function* examineConnected(
  ami: AmiConnection,
  options: AsteriskOptions,
  { expected, service, now }: ExamineDeps,
): AsyncGenerator<Finding> {
  const { user } = options.ami
  const listed = await ami.ask('ListCommands')
  const rights = checkRights(listed, options, expected.isListed)
  yield* rights
  if (rights.some(({ level }) => level === 'fail')) return
  const written = (await ami.ask('CoreSettings')).get('asteriskversion') ?? 'unknown'
  const version = Number.parseInt(written, 10) || null
  yield checkVersion(written, version)
  yield await checkClock(ami, now)
  const { pjsip, sip } = await findChannels(ami, listed, options.technology)
  const subject: Subject = { ami, user, expected, listed, pjsip, sip, version, service }
  yield* await checkModules(subject)
  yield* await checkMappings(subject)
  yield* await checkQuestions(subject)
  if (pjsip) yield* await checkSorcery(subject)
  if (pjsip) yield* await checkWaking(subject)
  if (sip) yield* await checkChanSip(subject)
  if (pjsip) yield* await checkProbe(subject, 'pjsip')
  if (sip) yield* await checkProbe(subject, 'sip')
}

function checkVersion(written: string, version: number | null): Finding {
  if (version !== null && version >= 16) return ok('version', `Asterisk ${written}`)
  return warn('version', `Asterisk ${written}, with which nobody has tried this`, '16 or newer')
}

/** Seconds. Registrations run out by both clocks. */
const mostApart = 2

async function checkClock(ami: AmiConnection, now: () => number): Promise<Finding> {
  const before = now()
  const stamp = Number((await ami.ask('Ping')).get('timestamp')) * 1000
  const apart = Math.round((stamp - (before + now()) / 2) / 100) / 10
  if (Number.isNaN(apart)) return ok('clock', 'not told')
  if (Math.abs(apart) <= mostApart) return ok('clock', 'the same as ours')
  const direction = apart > 0 ? 'ahead of' : 'behind'
  const detail = `its clock is ${Math.abs(apart)} s ${direction} ours: registrations run out too early or too late`
  return warn('clock', detail, 'let both machines keep time by NTP')
}

import type { Realtime } from '../answers/realtime/answer.ts'
import type { Logger } from '../logger.ts'
import { isLoopback } from '../loopback.ts'
import type { Probes } from '../pbx/probes.ts'
import { addressText, pbxAddresses, type Address, type ListenOptions } from './addresses.ts'
import type { Doors } from './doors.ts'
import { listen } from './listen.ts'
import { compilePbxAccess } from './pbx-access.ts'
import { followCertificate, readCertificate } from './pbx-tls.ts'
import { buildPbx, buildTlsPbx } from './pbx.ts'
import { Refusals } from './refusals.ts'

export interface OpenPbxDeps {
  readonly realtime: Realtime
  readonly probes: Probes
  readonly log: Logger
  readonly now: () => number
  /** How often the certificate is looked at; default: every 10 s. */
  readonly certificateMs?: number
}

/**
 * Listens for Asterisk on all addresses of `listen.pbx`; they close with the stack. Resolves with
 * what was bound. Throws `ListenFailed` and `CertificateUnusable`.
 */
export async function openPbxListeners(
  options: ListenOptions,
  { realtime, probes, log, now, certificateMs = 10_000 }: OpenPbxDeps,
  stack: AsyncDisposableStack,
  doors?: Doors,
): Promise<readonly [Address, ...Address[]]> {
  const refusals = new Refusals(log, now)
  const deps = { realtime, probes, log, refusals, access: compilePbxAccess(options, refusals) }
  const { pbxTls } = options
  const certificate = pbxTls && readCertificate(pbxTls)
  const bound: Address[] = []
  for (const [path, text] of pbxAddresses(options)) {
    if (pbxTls && certificate) {
      const server = buildTlsPbx(certificate, deps)
      bound.push(await listen(server, text, path, stack, doors))
      stack.use(followCertificate(server, pbxTls, log, certificateMs))
    } else {
      bound.push(await listen(buildPbx(deps), text, path, stack, doors))
    }
  }
  warnIfOpen(bound, options, log)
  const [first, ...others] = bound
  if (!first) throw new Error('listen.pbx names no address') // the schema wants one
  return [first, ...others]
}

function warnIfOpen(
  bound: readonly Address[],
  { pbxToken, pbxAllow }: ListenOptions,
  log: Logger,
): void {
  const open = bound.filter(({ host }) => !isLoopback(host))
  if (open.length === 0 || pbxToken !== undefined || pbxAllow !== undefined) return
  log.warn(
    { addresses: open.map(addressText) },
    'the listener for Asterisk hands out secrets and is open to the network; set listen.pbxAllow or listen.pbxToken',
  )
}

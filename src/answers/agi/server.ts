import { createServer, type Server, type Socket } from 'node:net'
import { compileNetworks } from '../../networks.ts'
import type { Logger } from '../../logger.ts'
import type { AgiOptions } from './options.ts'
import { Session, SessionOver } from './session.ts'
import type { Script } from './scripts.ts'
import { TroubleLog } from './trouble-log.ts'
import { encodeVariables, type Variables } from './wire.ts'

export interface AgiDeps {
  readonly scripts: Readonly<Record<string, Script>>
  readonly options: AgiOptions
  readonly log: Logger
  readonly now: () => number
}

/** Set to the script's name after everything else: proof that all of it was set. */
const proof = 'PEERAGE'

/** A listener that can end what is open, as that of HTTP can. */
export type AgiServer = Server & { closeAllConnections(): void }

/**
 * The FastAGI listener. A call asks; what it asked for is set on its channel, by one command if it
 * fits; then it goes on. It is never held longer than the budget, and nothing that happens
 * here ends it. Asterisk reports AGISTATUS=SUCCESS even when a server dies in the middle, so the
 * dialplan looks at the variable `PEERAGE` alone: it is set last.
 */
export function buildAgi(deps: AgiDeps): AgiServer {
  const { scripts, options, log, now } = deps
  const mayAsk = compileNetworks(options.from)
  const trouble = new TroubleLog(log, now, 'FastAGI session not answered; the call goes on')
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    const address = socket.remoteAddress ?? ''
    const tell = (problem: string) => trouble.tell(address, problem)
    if (!mayAsk(address)) {
      tell('not in agi.from')
      socket.destroy()
      return
    }
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    void serve(socket, scripts, options.budgetMs, tell)
  })
  server.maxConnections = options.sessions
  server.on('drop', (socket) => trouble.tell(socket?.remoteAddress ?? '', 'too many sessions'))
  return Object.assign(server, {
    closeAllConnections() {
      for (const socket of open) socket.destroy()
    },
  })
}

async function serve(
  socket: Socket,
  scripts: AgiDeps['scripts'],
  budgetMs: number,
  tell: (problem: string) => void,
): Promise<void> {
  const session = new Session(socket, budgetMs)
  try {
    const environment = await session.environment()
    const request = environment.get('network_script') ?? ''
    const [path = '', query = ''] = splitAt(request.replace(/^\//, ''), '?')
    const script = Object.hasOwn(scripts, path) ? scripts[path] : undefined
    if (script === undefined) tell('no such script')
    else {
      const settings = new URLSearchParams(query)
      await set(session, [...script({ environment, settings }), [proof, path]])
    }
    session.close()
  } catch (error) {
    const over = error instanceof SessionOver ? error : null
    // Who hangs up is no trouble.
    if (over?.end === 'hung up' || over?.end === 'closed by Asterisk') return
    tell(over?.end ?? String(error))
    socket.destroy()
  }
}

async function set(session: Session, variables: Variables): Promise<void> {
  for (const command of encodeVariables(variables)) {
    const { code, result } = await session.ask(command)
    if (code !== 200) throw new Error(`EXEC MSet was answered ${code}`)
    if (result === '-2') throw new Error('EXEC MSet: Asterisk has no MSet()')
  }
}

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

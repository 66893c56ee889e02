import { spawn } from 'node:child_process'
import { childEnded } from '../test/rig/processes.ts'

/** Somebody else's client of the same server, which prints `displayName: Name VALUE` as it hears it. */
export interface Peer {
  readonly title: string
  readonly command: readonly [string, ...string[]]
}

export interface RunningPeer extends AsyncDisposable {
  readonly title: string
  /** Resolves when it has said something, which it does when it has begun. */
  readonly ready: Promise<void>
  /** Resolves when it has printed that name. */
  until(value: string): Promise<void>
}

export function startPeer({ title, command: [program, ...words] }: Peer): RunningPeer {
  const waiting = new Map<string, () => void>()
  const ready = Promise.withResolvers<void>()
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  child.on('error', ready.reject)
  child.on('exit', (code) => ready.reject(new Error(`${program} ended with ${code}`)))
  child.stdout.on('data', (chunk: Buffer) => {
    ready.resolve()
    for (const [, value = ''] of chunk.toString().matchAll(/^displayName: Name (.*)$/gm)) {
      waiting.get(value)?.()
    }
  })
  return {
    title,
    ready: ready.promise,
    until: (value) => new Promise((resolve) => waiting.set(value, resolve)),
    [Symbol.asyncDispose]: () => childEnded(child, 'SIGTERM'),
  }
}

/** OpenLDAP's own client, which prints everything at once only when it is told to. */
export function ldapsearchPeer(words: readonly string[]): Peer {
  return {
    title: 'ldapsearch -E sync=rp prints it',
    command: ['stdbuf', '-oL', 'ldapsearch', ...words],
  }
}

/** python-ldap (on libldap), since OpenLDAP's own client knows nothing of persistent search. */
export function pythonPeer(url: string, user: string, password: string, base: string): Peer {
  return {
    title: 'python-ldap by persistent search prints it',
    // The system's own, for which Debian has it.
    command: ['/usr/bin/python3', '-u', '-c', program, url, user, password, base],
  }
}

const program = `
import sys, ldap
from ldap.controls.psearch import PersistentSearchControl
url, user, password, base = sys.argv[1:]
server = ldap.initialize(url)
server.simple_bind_s(user, password)
asked = server.search_ext(base, ldap.SCOPE_SUBTREE, '(uid=u1000)', ['displayName'],
                          serverctrls=[PersistentSearchControl()])
# First the entry as it is, then each time that it changes.
while True:
    for name, attributes in (entry[:2] for entry in server.result(asked, all=0)[1]):
        print('displayName: ' + attributes.get('displayName', [b''])[0].decode())
`

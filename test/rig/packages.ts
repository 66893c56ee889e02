import { execFile } from 'node:child_process'
import { access, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const policyFile = '/usr/sbin/policy-rc.d'

/**
 * Makes sure that Debian packages are there. Installs what is missing by apt when this user may
 * (root, or sudo without a password), says so on stderr, and does nothing when all are there.
 * The packages' own daemons are kept from starting: a rig starts its own.
 */
export async function ensurePackages(names: readonly string[]): Promise<void> {
  const missing: string[] = []
  for (const name of names) if (!(await isInstalled(name))) missing.push(name)
  if (missing.length === 0) return

  const list = missing.join(' ')
  const privileges = await privilegesPrefix()
  if (privileges === null) {
    throw new Error(
      `These Debian packages are missing: ${list}. Install them with "apt-get install ${list}" ` +
        'or run the tests as root, or with sudo that asks for no password.',
    )
  }
  process.stderr.write(`rig: installing Debian packages: ${list}\n`)
  await using stack = new AsyncDisposableStack()
  stack.use(await keepDaemonsFromStarting(privileges))
  try {
    await apt(privileges, ['install', '-y', '--no-install-recommends', ...missing])
  } catch {
    process.stderr.write('rig: refreshing the package lists first (apt-get update)\n')
    await apt(privileges, ['update'])
    await apt(privileges, ['install', '-y', '--no-install-recommends', ...missing])
  }
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    const { stdout } = await run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name])
    return stdout.trim() === 'installed'
  } catch {
    return false
  }
}

async function privilegesPrefix(): Promise<readonly string[] | null> {
  try {
    await run('apt-get', ['--version'])
  } catch {
    return null
  }
  if (process.getuid?.() === 0) return []
  try {
    await run('sudo', ['-n', 'true'])
    return ['sudo', '-n']
  } catch {
    return null
  }
}

async function apt(prefix: readonly string[], args: readonly string[]): Promise<void> {
  const line = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args]
  const [command = 'env', ...rest] = line
  try {
    await run(command, rest, { maxBuffer: 64 * 1024 * 1024 })
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    throw new Error(`apt-get ${args.join(' ')} failed: ${said.trim().split('\n').at(-1)}`, {
      cause: error,
    })
  }
}

/** Debian's own switch for "install, but start no service"; an existing one is left alone. */
async function keepDaemonsFromStarting(prefix: readonly string[]): Promise<AsyncDisposable> {
  const nothing = { async [Symbol.asyncDispose]() {} }
  if (prefix.length > 0) return nothing
  try {
    await access(policyFile)
    return nothing
  } catch {
    await writeFile(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
    return { [Symbol.asyncDispose]: () => rm(policyFile, { force: true }) }
  }
}

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Asterisk without root, chroot or container: the Debian packages of one release, unpacked into a
 * cache folder of the user and started through their own dynamic loader. Nothing of the machine
 * is changed; apt itself finds, fetches and verifies the packages, from the machine's own mirror.
 */
export interface AsteriskTree {
  readonly version: AsteriskVersion
  /** Where the packages lie unpacked. */
  readonly root: string
  /** Folder with `*.so` of Asterisk. */
  readonly modules: string
  /** `usr/share/asterisk` of the packages: sounds and documentation. */
  readonly data: string
  /** What to start: the loader, then the arguments that make it run Asterisk. */
  readonly command: readonly [string, ...string[]]
}

/** 22 speaks PJSIP only; 16 is the last one in Debian with chan_sip. */
export type AsteriskVersion = 22 | 16

interface Recipe {
  readonly release: string
  readonly packages: readonly string[]
}

const recipes: Readonly<Record<AsteriskVersion, Recipe>> = {
  22: {
    release: 'forky',
    packages: ['asterisk', 'asterisk-modules', 'asterisk-core-sounds-en-gsm'],
  },
  16: {
    release: 'bullseye',
    packages: ['asterisk', 'asterisk-modules', 'asterisk-core-sounds-en-gsm', 'asterisk-voicemail'],
  },
}

/** Asked for by maintainer scripts, which are never run here. */
const unneeded =
  /^(perl|libperl|gnupg|gpg|dirmngr|pinentry|dpkg$|tar$|base-|adduser|passwd|login|init-|lsb-|debconf|libdebconf|mount|util-linux|bash|coreutils|tzdata|asterisk-config|freetds-common|pci\.ids|libsnmp-base|libsemanage|libpam|readline-common|gcc-)/
const unneededFolders = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/lintian']

const loaders: Readonly<Record<string, { readonly triplet: string; readonly loader: string }>> = {
  amd64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
const downloads = 4
const run = promisify(execFile)

/**
 * Finds the tree in the cache, or builds it there (30 s, 200 MB).
 * @throws Error with one sentence that says what is missing
 */
export async function ensureAsterisk(version: AsteriskVersion): Promise<AsteriskTree> {
  const recipe = recipes[version]
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'peerage-rig')
  const root = join(cache, `asterisk-${version}`)
  const stamp = `${recipe.release}: ${recipe.packages.join(' ')}\n`
  if ((await readStamp(root)) !== stamp) {
    await mkdir(cache, { recursive: true })
    const aside = await mkdtemp(join(cache, `asterisk-${version}.new-`))
    try {
      await build(version, recipe, aside)
      await writeFile(join(aside, 'root', 'recipe'), stamp)
      await moveInto(join(aside, 'root'), root, stamp)
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
  }
  return describeTree(version, root)
}

async function build(version: AsteriskVersion, recipe: Recipe, aside: string): Promise<void> {
  if (!existsSync(keyring)) {
    throw new Error(
      `asterisk ${version}: ${keyring} is missing, so Debian packages cannot be verified; install debian-archive-keyring`,
    )
  }
  const mirror = await findMirror(version)
  say(`asterisk ${version}: fetching Debian ${recipe.release} packages (once, about 30 s)`)
  const options = await openAptState(aside, mirror, recipe.release)
  const what = `asterisk ${version}: Debian ${recipe.release} packages`
  await apt([...options, 'update', '--error-on=any'], `${what} cannot be listed`)
  const plan = await apt(
    [...options, '--simulate', 'install', ...recipe.packages],
    `${what} cannot be resolved`,
  )
  const names = [...plan.matchAll(/^Inst (\S+)/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => !unneeded.test(name))

  const debs = join(aside, 'debs')
  await mkdir(debs)
  // `apt-get download` checks each file by the hash of the signed index, and does one at a time.
  await Promise.all(
    Array.from({ length: downloads }, (_, share) =>
      apt(
        [...options, 'download', ...names.filter((_, index) => index % downloads === share)],
        `${what} cannot be downloaded`,
        debs,
      ),
    ),
  )

  const root = join(aside, 'root')
  const files = await readdir(debs)
  say(`asterisk ${version}: unpacking ${files.length} packages`)
  for (const file of files) await run('dpkg', ['-x', join(debs, file), root])
  await Promise.all(
    unneededFolders.map((folder) => rm(join(root, folder), { recursive: true, force: true })),
  )
}

async function findMirror(version: AsteriskVersion): Promise<string> {
  const format = '$(REPO_URI)|$(LABEL)|$(COMPONENT)'
  const listed = await apt(
    ['indextargets', '--format', format, 'Identifier: Packages'],
    `asterisk ${version}: the tests run it from Debian packages, and apt-get is needed for that`,
  )
  const rows = listed.split('\n').map((line) => line.split('|'))
  const row =
    rows.find(([, label, component]) => label === 'Debian' && component === 'main') ??
    rows.find(([uri, label]) => label === '$(LABEL)' && !uri?.includes('security'))
  if (row?.[0] === undefined) {
    throw new Error(
      `asterisk ${version}: apt knows no Debian mirror; add one to its sources and run apt-get update`,
    )
  }
  return row[0]
}

/** A private apt beside the machine's own: another release, an empty status, no lock. */
async function openAptState(
  folder: string,
  mirror: string,
  release: string,
): Promise<readonly string[]> {
  const at = (name: string) => join(folder, 'apt', name)
  await mkdir(at('lists/partial'), { recursive: true })
  await mkdir(at('cache/archives/partial'), { recursive: true })
  await writeFile(at('status'), '')
  await writeFile(at('sources.list'), `deb [signed-by=${keyring}] ${mirror} ${release} main\n`)
  return [
    `Dir::State::Lists=${at('lists')}`,
    `Dir::State::Status=${at('status')}`,
    `Dir::Cache=${at('cache')}`,
    `Dir::Etc::SourceList=${at('sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    'Dir::Etc::Preferences=/dev/null',
    'Dir::Etc::PreferencesParts=/dev/null',
    'APT::Sandbox::User=',
    'APT::Install-Recommends=0',
    'Acquire::Languages=none',
    'Debug::NoLocking=1',
  ].flatMap((option) => ['-o', option])
}

async function apt(args: readonly string[], trouble: string, cwd?: string): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }
  try {
    const options = { env, maxBuffer: 64 * 1024 * 1024, ...(cwd === undefined ? {} : { cwd }) }
    return (await run('apt-get', ['-q', ...args], options)).stdout
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause)
    const why = said.split('\n').find((line) => /^(E|W|Err|Error)/.test(line)) ?? said.trim()
    throw new Error(`${trouble} (${why.slice(0, 300)})`, { cause })
  }
}

/** Puts the finished tree in place, unless another run was faster: its tree may be in use. */
async function moveInto(built: string, root: string, stamp: string): Promise<void> {
  if ((await readStamp(root)) === stamp) return
  await rename(root, `${built}.old`).catch(() => undefined)
  try {
    await rename(built, root)
  } catch (cause) {
    if ((await readStamp(root)) !== stamp) throw cause
  }
}

function readStamp(root: string): Promise<string | undefined> {
  return readFile(join(root, 'recipe'), 'utf8').catch(() => undefined)
}

async function describeTree(version: AsteriskVersion, root: string): Promise<AsteriskTree> {
  const { stdout } = await run('dpkg', ['--print-architecture'])
  const known = loaders[stdout.trim()]
  if (known === undefined) {
    throw new Error(
      `asterisk ${version}: the rig starts it on amd64 and arm64 only, and this machine is ${stdout.trim()}`,
    )
  }
  const folders = [`usr/lib/${known.triplet}`, `lib/${known.triplet}`, 'usr/lib'].map((name) =>
    join(root, name),
  )
  const modules = folders
    .map((folder) => join(folder, 'asterisk/modules'))
    .find((folder) => existsSync(folder))
  const loader = [...folders, join(root, 'usr/lib64')]
    .map((folder) => join(folder, known.loader))
    .find((file) => existsSync(file))
  if (modules === undefined || loader === undefined) {
    throw new Error(`asterisk ${version}: ${root} is not complete; remove it and run again`)
  }
  return {
    version,
    root,
    modules,
    data: join(root, 'usr/share/asterisk'),
    command: [loader, '--library-path', folders.join(':'), join(root, 'usr/sbin/asterisk')],
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

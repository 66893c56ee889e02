import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AriAccess, AmiAccess, AsteriskOptions } from './asterisk.ts'
import type { AsteriskTree } from './asterisk-tree.ts'

/** Where an Asterisk may be spoken to. */
export interface Doors {
  readonly sipPort: number
  readonly ami: AmiAccess
  readonly ari: AriAccess
}

const shipped = fileURLToPath(new URL('../../asterisk/', import.meta.url))

/** Copies the shipped files and changes in them only what must differ beside other servers. */
export async function writeAsteriskFolder(
  tree: AsteriskTree,
  folder: string,
  { sipPort, ami, ari }: Doors,
  options: AsteriskOptions,
): Promise<void> {
  const etc = join(folder, 'etc')
  await cp(options.printed ?? join(shipped, String(tree.version)), etc, { recursive: true })
  for (const name of ['db', 'keys', 'spool', 'run', 'log', 'data/sounds']) {
    await mkdir(join(folder, name), { recursive: true })
  }
  // The packages' own scripts would make these links.
  await symlink(join(tree.data, 'documentation'), join(folder, 'data/documentation'))
  await symlink(join(tree.data, 'rest-api'), join(folder, 'data/rest-api'))
  await symlink(join(tree.data, 'sounds/en_US_f_Allison'), join(folder, 'data/sounds/en'))

  const adapt = (name: string, changes: readonly Change[]) => adaptFile(join(etc, name), changes)
  const directories = {
    astetcdir: 'etc',
    astvarlibdir: 'data',
    astdatadir: 'data',
    astdbdir: 'db',
    astkeydir: 'keys',
    astspooldir: 'spool',
    astrundir: 'run',
    astlogdir: 'log',
  }
  const rtpStart = 12_000 + 200 * Math.floor(Math.random() * 90)
  await adapt('asterisk.conf', [
    [
      /^\[directories\]$/,
      [
        '[directories]',
        `astmoddir => ${tree.modules}`,
        ...Object.entries(directories).map(([key, name]) => `${key} => ${join(folder, name)}`),
      ].join('\n'),
    ],
  ])
  const { agi, web } = options.calls ?? { agi: 1, web: 1 }
  await adapt('extensions_calls.conf', [
    [/agi:\/\/127\.0\.0\.1:4573\//, `agi://127.0.0.1:${agi}/`],
    [/http:\/\/127\.0\.0\.1:8080\//, `http://127.0.0.1:${web}/`],
  ])
  await adapt('rtp.conf', [
    [/^rtpstart = .*$/, `rtpstart = ${rtpStart}`],
    [/^rtpend = .*$/, `rtpend = ${rtpStart + 199}`],
  ])
  await adapt('logger.conf', [[/^messages => .*$/, 'messages => notice,warning,error,verbose(4)']])
  await adapt('voicemail.conf', [
    [/^mailcmd = .*$/, `mailcmd = cat >> ${join(folder, 'log/mail')}`],
  ])
  if (options.printed === undefined) {
    await adapt('extconfig.conf', [
      [/curl,http:\/\/127\.0\.0\.1:8070\//, `curl,${options.realtime}/`],
    ])
    await adapt('manager.conf', [[/^port = 5038$/, `port = ${ami.port}`]])
    await writeFile(
      join(etc, 'manager_users.conf'),
      `[${ami.user}]\nsecret = ${ami.password}\nread =\nwrite = system,command\n`,
    )
  }
  // Those that were printed may have an account of their own.
  if (existsSync(join(etc, 'http.conf')) && !existsSync(join(etc, 'ari_users.conf'))) {
    await adapt('http.conf', [[/^bindport = 8088$/, `bindport = ${new URL(ari.url).port}`]])
    await writeFile(
      join(etc, 'ari_users.conf'),
      `[${ari.user}]\ntype = user\nread_only = no\npassword = ${ari.password}\n`,
    )
  }
  if (existsSync(join(etc, 'pjsip.conf'))) {
    await adapt('pjsip.conf', [[/^bind = 0\.0\.0\.0:5060$/, `bind = 127.0.0.1:${sipPort}`]])
  } else {
    await adapt('sip.conf', [
      [/^udpbindaddr = 0\.0\.0\.0:5060$/, `udpbindaddr = 127.0.0.1:${sipPort}`],
    ])
  }
  for (const [name, text] of Object.entries(options.files ?? {})) {
    await writeFile(join(etc, name), text)
  }
}

type Change = readonly [line: RegExp, instead: string]

async function adaptFile(file: string, changes: readonly Change[]): Promise<void> {
  let text = await readFile(file, 'utf8')
  for (const [line, instead] of changes) {
    const every = new RegExp(line, 'gm')
    if (!every.test(text)) throw new Error(`${file}: the rig expects a line like ${line}`)
    text = text.replaceAll(every, instead)
  }
  await writeFile(file, text)
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseConfig } from '../../src/config/config.ts'
import { openLogger, type Logger } from '../../src/logger.ts'
import { startService, type Service } from '../../src/service.ts'
import { SettingsFile } from '../../src/settings/settings-file.ts'
import { writeSettled } from './settled-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface TestService extends AsyncDisposable {
  readonly service: Service
  readonly folder: string
  /** POST to the listener of Asterisk: `ask('ps_endpoints/single', 'id=501')`. */
  ask(path: string, body: string): Promise<string>
  /** Replaces the directory and reads it. */
  change(ldif: string): Promise<void>
}

export interface TestServiceOptions {
  /** The directory, as LDIF; null: the file is not there. */
  readonly ldif: string | null
  /** Further YAML at the top level. */
  readonly yaml?: string
  /** What becomes of who is not in the LDIF any more; default: they are answered nowhere at once. */
  readonly leavers?: string
  /** YAML of the source beside `ldif`, `preset` and `leavers`. */
  readonly source?: string
  /** Sources beside `company`, a line of YAML each. */
  readonly moreSources?: readonly string[]
  /** YAML inside `listen`. */
  readonly listen?: string
  /** Where Asterisk asks; default: any free port. */
  readonly pbx?: string | readonly string[]
  readonly folder?: string
  /** The configuration lies in a file of the folder, and may be changed through the service. */
  readonly isChangeable?: boolean
  readonly state?: string
  readonly log?: Logger
  readonly now?: () => number
}

/** The real service on free ports, over an LDIF in a temporary folder. */
export async function startTestService(options: TestServiceOptions): Promise<TestService> {
  await using stack = new AsyncDisposableStack()
  const folder = options.folder ?? stack.use(await temporaryFolder()).path
  const file = join(folder, 'people.ldif')
  if (options.ldif !== null) await writeSettled(file, options.ldif)
  const path = join(folder, 'peerage.yaml')
  const text = `
site: { country: DE, areaCode: "30", outsidePrefix: "0", dids: "+49302312 5xx -> 5xx" }
sources:
  company: { preset: openldap, ldif: ./people.ldif, leavers: ${options.leavers ?? '{ grace: 0h }'}, ${options.source ?? ''} }
${(options.moreSources ?? []).map((line) => `  ${line}`).join('\n')}
listen: { pbx: ${JSON.stringify(options.pbx ?? '127.0.0.1:0')}, web: "127.0.0.1:0", agi: "127.0.0.1:0", ${options.listen ?? ''} }
state: ${options.state ?? '"sqlite::memory:"'}
log: silent
${options.yaml ?? ''}
`
  const config = parseConfig(text, path, {})
  if (options.isChangeable) await writeFile(path, text)
  const settings = options.isChangeable ? new SettingsFile(path, {}, () => {}) : null
  const { log = openLogger('silent'), now = Date.now } = options
  const service = stack.use(await startService(config, { log, now, file: settings }))
  await service.ready
  const opened = stack.move()
  const realtime = `http://127.0.0.1:${service.pbx.port}/realtime`
  return {
    service,
    folder,
    async ask(path, body) {
      const answer = await fetch(`${realtime}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
      if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}`)
      return answer.text()
    },
    async change(ldif) {
      await writeSettled(file, ldif)
      const [run] = await service.sync()
      if (run?.outcome !== 'done') throw new Error(`sync failed: ${run?.error}`)
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** An inetOrgPerson; `id` is one digit or two and makes the entryUUID. */
export function entry(
  uid: string,
  id: number,
  attributes: Readonly<Record<string, string | readonly string[]>>,
): string {
  const lines = Object.entries({ cn: uid, sn: uid, ...attributes }).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}:: ${Buffer.from(value).toString('base64')}`),
  )
  return [
    `dn: uid=${uid},ou=people,dc=example`,
    'objectClass: inetOrgPerson',
    `uid: ${uid}`,
    `entryUUID: 00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    ...lines,
    '',
    '',
  ].join('\n')
}

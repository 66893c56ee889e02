import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseConfig, type Environment } from '../../src/config/config.ts'
import { openLogger } from '../../src/logger.ts'
import { startService, type Service } from '../../src/service.ts'
import { SettingsFile } from '../../src/settings/settings-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** The real service over a configuration file that it may change. */
export interface ServiceWithFile extends AsyncDisposable {
  readonly service: Service
  readonly folder: string
  readonly file: SettingsFile
  /** The file as it is. */
  text(): string
  /** How often the file was to be taken up again. */
  readonly reloads: () => number
}

export interface WithFileOptions {
  readonly ldif: string
  /** YAML of `sources`, two blanks further in. */
  readonly sources?: string
  /** Further YAML at the top level. */
  readonly yaml?: string
  readonly environment?: Environment
}

export const sourcesText = `  # Everybody
  company:
    preset: openldap # as it is
    ldif: ./people.ldif
    leavers: { grace: 0h }
`

export async function startWithFile(options: WithFileOptions): Promise<ServiceWithFile> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder()).path
  const path = join(folder, 'peerage.yaml')
  const text = `# Our telephones
site: { country: DE, extensionLength: 3 }
sources:
${options.sources ?? sourcesText}listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
state: "sqlite::memory:"
log: silent
${options.yaml ?? ''}`
  await writeFile(join(folder, 'people.ldif'), options.ldif)
  await writeFile(path, text)
  const environment = options.environment ?? {}
  let reloads = 0
  const file = new SettingsFile(path, environment, () => void reloads++)
  const log = openLogger('silent')
  const config = parseConfig(text, path, environment)
  const service = stack.use(await startService(config, { log, file }))
  await service.ready
  const opened = stack.move()
  return {
    service,
    folder,
    file,
    text: () => readFileSync(path, 'utf8'),
    reloads: () => reloads,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

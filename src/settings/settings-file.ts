import { randomBytes } from 'node:crypto'
import { accessSync, constants, readFileSync, realpathSync } from 'node:fs'
import { chown, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { SettingsChange, SettingsFileState } from '../answers/admin/source-settings.ts'
import type { Environment } from '../config/config.ts'

/**
 * The file of the configuration, which is changed as a whole or not at all. It outlives the service
 * that runs with it: a change is under way until the next one runs, and is taken back when that
 * does not start.
 */
export class SettingsFile {
  readonly path: string
  readonly environment: Environment
  readonly #reload: () => void
  #before: Before | null = null
  #change: SettingsChange | null = null

  /** `reload` makes the service take up the file again. */
  constructor(path: string, environment: Environment, reload: () => void) {
    this.path = path
    this.environment = environment
    this.#reload = reload
  }

  get folder(): string {
    return dirname(realpathSync(this.path))
  }

  read(): string {
    return readFileSync(this.path, 'utf8')
  }

  get state(): SettingsFileState {
    return { path: this.path, obstacle: this.#obstacle(), change: this.#change }
  }

  /** The name, beside the configuration, of a file for the new password of a source. */
  newSecretName(source: string): string {
    return `${source}-${randomBytes(4).toString('hex')}.password`
  }

  /** Only whoever runs the service may read it. */
  async writeSecret(name: string, secret: string): Promise<void> {
    await write(join(this.folder, name), secret, 0o600)
  }

  async dropSecret(name: string): Promise<void> {
    await rm(join(this.folder, name), { force: true })
  }

  /**
   * Replaces the text, if it still is `from`. Throws when it is not, when another change is under
   * way, or when it cannot be written; nothing is changed then.
   */
  async replace({ source, from, text, newSecret, oldSecret, now }: Replacement): Promise<void> {
    if (this.#before) throw new Error('another change is just taken up; try again in a moment')
    if (this.read() !== from) throw new Error('the file was changed meanwhile; look at it again')
    this.#before = { text: from, instead: text, newSecret, oldSecret }
    try {
      await this.#put(text)
    } catch (error) {
      this.#before = null
      throw error
    }
    this.#change = { source, outcome: 'under-way', problem: null, at: now }
  }

  takeUp(): void {
    this.#reload()
  }

  /** The service runs with the file as it is now. */
  async inForce(): Promise<void> {
    const before = this.#before
    this.#before = null
    if (!before || !this.#change) return
    this.#change = { ...this.#change, outcome: 'in-force' }
    if (before.oldSecret !== null) await this.dropSecret(before.oldSecret)
  }

  /** The service does not run with the file as it is now. */
  async refused(problem: string): Promise<void> {
    const before = this.#before
    this.#before = null
    if (!before || !this.#change) return
    this.#change = { ...this.#change, outcome: 'refused', problem }
    // What somebody made of it by hand meanwhile is his.
    if (this.read() !== before.instead) return
    await this.#put(before.text)
    if (before.newSecret !== null) await this.dropSecret(before.newSecret)
  }

  /** With the rights and the owner that the file has. */
  async #put(text: string): Promise<void> {
    const file = realpathSync(this.path)
    const { mode, uid, gid } = await stat(file)
    const aside = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}`)
    try {
      await write(aside, text, mode & 0o777)
      // Only root may give a file away; whoever else changes it keeps it.
      await chown(aside, uid, gid).catch(() => undefined)
      await rename(aside, file)
    } finally {
      await rm(aside, { force: true })
    }
  }

  #obstacle(): SettingsFileState['obstacle'] {
    if (!isAllowed(this.path, constants.R_OK)) return 'not-readable'
    const isWritable =
      isAllowed(this.path, constants.W_OK) && isAllowed(this.folder, constants.W_OK)
    return isWritable ? null : 'not-writable'
  }
}

function isAllowed(path: string, how: number): boolean {
  try {
    accessSync(path, how)
    return true
  } catch {
    return false
  }
}

export interface Replacement {
  readonly source: string
  readonly from: string
  readonly text: string
  /** Made for the new text, and for nothing if it is refused. */
  readonly newSecret: string | null
  /** Not wanted any more when the new text is in force. */
  readonly oldSecret: string | null
  readonly now: number
}

/** What to go back to, and what to clear away. */
interface Before {
  readonly text: string
  readonly instead: string
  readonly newSecret: string | null
  readonly oldSecret: string | null
}

/** Names of the password files that were made here. */
export function isOwnSecret(source: string, name: unknown): name is string {
  return typeof name === 'string' && new RegExp(`^${source}-[0-9a-f]{8}\\.password$`).test(name)
}

async function write(path: string, text: string, mode: number): Promise<void> {
  await using handle: FileHandle = await open(path, 'wx', mode)
  await handle.chmod(mode)
  await handle.writeFile(text)
  await handle.sync()
}

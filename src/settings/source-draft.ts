import { ConfigInvalid, parseConfig } from '../config/config.ts'
import {
  editOptions,
  hiddenSecret,
  hideSecrets,
  isRecord,
  keepSecret,
  putSecret,
  readOptions,
} from '../config/option-text.ts'
import { variableName } from '../config/resolve.ts'
import type { Config } from '../config/schema.ts'
import { SourceNotEditable, sourceText, withSource } from '../config/source-text.ts'
import type { Complaint } from '../complaint.ts'
import type { DraftFields } from '../answers/admin/source-settings.ts'
import { fieldsOf, fillText } from './form.ts'
import { checkLimits } from './limits.ts'
import { isOwnSecret, type SettingsFile } from './settings-file.ts'

const passwordPath = ['bind', 'password'] as const
const passwordFilePath = ['bind', 'passwordFile'] as const

/** A draft that can be used. */
export interface Finished {
  /** The whole file, as it is. */
  readonly from: string
  /** The whole file, as it is to be written. */
  readonly text: string
  /** What the service would run with. */
  readonly config: Config
  readonly newSecret: { readonly name: string; readonly password: string } | null
  /** A password file of our own making that nothing would refer to any more. */
  readonly oldSecret: string | null
}

/**
 * The settings of one source while somebody changes them. Its text shows a mark where a secret is;
 * the mark stands for that secret until another text stands there.
 */
export class SourceDraft {
  readonly name: string
  readonly isNew: boolean
  readonly #file: SettingsFile
  /** The options when the draft was begun; null: there was none. */
  readonly #basis: string | null
  readonly #secretName: string
  #text: string
  #password: string | null = null
  #removes = false

  constructor(name: string, file: SettingsFile, basis: string | null, text: string) {
    this.name = name
    this.isNew = basis === null
    this.#file = file
    this.#basis = basis
    this.#secretName = file.newSecretName(name)
    this.#text = hideSecrets(text)
  }

  get text(): string {
    return this.#text
  }

  get fields(): DraftFields {
    return fieldsOf(this.#text)
  }

  get hasNewPassword(): boolean {
    return this.#password !== null
  }

  get removes(): boolean {
    return this.#removes
  }

  get path(): string {
    return `sources.${this.name}`
  }

  write(text: string): void {
    this.#removes = false
    const written = `${text.replaceAll('\r\n', '\n').trimEnd()}\n`
    const { options } = readOptions(written, this.path)
    const password = isRecord(options['bind']) ? options['bind']['password'] : undefined
    const isTyped = typeof password === 'string' && password !== hiddenSecret && password !== ''
    if (isTyped) this.#password = password
    // What cannot be read may hold a secret at any place: it is shown to whoever wrote it as it is.
    this.#text = isTyped ? putSecret(written, passwordPath, hiddenSecret) : written
  }

  fillIn(fields: Partial<DraftFields>): void {
    this.#removes = false
    if (readOptions(this.#text, this.path).complaints.length > 0) return
    this.#text = fillText(this.#text, fields)
  }

  setPassword(password: string): void {
    this.#password = password === '' ? null : password
  }

  remove(): void {
    this.#removes = true
  }

  /** What is wrong, or all that is needed to go on. */
  finish(): Finished | readonly Complaint[] {
    try {
      return this.#removes ? this.#finishRemoval() : this.#finishOptions()
    } catch (error) {
      if (error instanceof ConfigInvalid) return error.complaints
      if (error instanceof SourceNotEditable) return [{ path: this.path, problem: error.message }]
      throw error
    }
  }

  #finishRemoval(): Finished | readonly Complaint[] {
    const now = this.#file.read()
    const text = withSource(now, this.name, null)
    const config = this.#parse(text)
    return { from: now, text, config, newSecret: null, oldSecret: this.#ownSecret(now) }
  }

  #finishOptions(): Finished | readonly Complaint[] {
    const now = this.#file.read()
    const current = sourceText(now, this.name)
    const { options, complaints } = readOptions(this.#text, this.path)
    if (complaints.length > 0) return complaints
    const wrong = [
      ...this.#checkBasis(current),
      ...this.#checkEnvironment(),
      ...checkLimits({
        before: current === null ? undefined : readOptions(current, this.path).options,
        after: options,
        isTyped: this.#password !== null,
        folder: this.#file.folder,
        path: this.path,
      }),
    ]
    if (wrong.length > 0) return wrong
    if (this.#password === null || !isRecord(options['bind'])) {
      const text = withSource(now, this.name, this.#withKeptPassword(current))
      return { from: now, text, config: this.#parse(text), newSecret: null, oldSecret: null }
    }
    const password = this.#password
    const tried = editOptions(this.#text, [
      { path: passwordPath, value: password },
      { path: passwordFilePath, value: undefined },
    ])
    const kept = editOptions(this.#text, [
      { path: passwordPath, value: undefined },
      { path: passwordFilePath, value: this.#secretName },
    ])
    return {
      from: now,
      text: withSource(now, this.name, kept),
      config: this.#parse(withSource(now, this.name, tried)),
      newSecret: { name: this.#secretName, password },
      oldSecret: this.#ownSecret(now),
    }
  }

  /** Somebody else's change of the same source must not be undone without being seen. */
  #checkBasis(current: string | null): Complaint[] {
    if (current === this.#basis) return []
    const problem = 'was changed in the file since; begin again with what is there now'
    return [{ path: this.path, problem }]
  }

  #checkEnvironment(): Complaint[] {
    const variable = variableName(['sources', this.name, ...passwordPath])
    const { environment } = this.#file
    const isSet = [variable, `${variable}_FILE`].some((name) => environment[name] !== undefined)
    if (this.#password === null || !isSet) return []
    const problem = `stands in the environment (${variable}), which is stronger than any file; change it there`
    return [{ path: [this.path, ...passwordPath].join('.'), problem }]
  }

  #withKeptPassword(current: string | null): string {
    const bind = readOptions(this.#text, this.path).options['bind']
    if (!isRecord(bind) || bind['password'] !== hiddenSecret || current === null) return this.#text
    return keepSecret(this.#text, passwordPath, current)
  }

  #ownSecret(text: string): string | null {
    const current = sourceText(text, this.name)
    const bind = current === null ? undefined : readOptions(current, this.path).options['bind']
    const file = isRecord(bind) ? bind['passwordFile'] : undefined
    return isOwnSecret(this.name, file) ? file : null
  }

  #parse(text: string): Config {
    return parseConfig(text, this.#file.path, this.#file.environment)
  }
}

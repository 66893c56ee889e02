import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type {
  AttributeReport,
  Draft,
  DraftFields,
  DraftTrials,
  DraftView,
  PeoplePreview,
  PlanPreview,
  Trial,
  TriedStep,
} from '../answers/admin/source-settings.ts'
import type { Complaint } from '../complaint.ts'
import { parseConfig } from '../config/config.ts'
import { diffLines } from '../config/line-diff.ts'
import { hideSecrets, optionsText } from '../config/option-text.ts'
import type { Config } from '../config/schema.ts'
import { foreseeRead, foreseeRemoval, type Foresight } from './foresight.ts'
import type { SettingsFile } from './settings-file.ts'
import type { Finished, SourceDraft } from './source-draft.ts'
import { TriedRun } from './tried.ts'
import { OneByOne } from './one-by-one.ts'
import { lookAtAttributes, previewPeople, tryConnection } from './trials.ts'

const mostDrafts = 20
const longestLifeMs = 4 * 3_600_000
const soonMs = 60_000
/** A directory of a million people over a slow line. */
const longestReadMs = 15 * 60_000

export interface TrialDeps extends Foresight {
  readonly file: SettingsFile
  /** What the service runs with. */
  readonly config: Config
  readonly signal: AbortSignal
}

/** The drafts of everybody who is at it, the oldest of which make room. */
export class Drafts {
  readonly #deps: TrialDeps
  readonly #drafts = new Map<string, OpenDraft>()
  /** A dry run holds everybody twice. */
  readonly #foreseeing = new OneByOne()

  constructor(deps: TrialDeps) {
    this.#deps = deps
  }

  open(owner: string, draft: SourceDraft): OpenDraft {
    const now = this.#deps.now()
    for (const [id, { begunAt }] of this.#drafts) {
      if (this.#drafts.size < mostDrafts && now - begunAt < longestLifeMs) break
      this.drop(id)
    }
    const opened = new OpenDraft(draft, owner, now, this.#deps, this.#foreseeing)
    this.#drafts.set(opened.id, opened)
    return opened
  }

  get(owner: string, id: string): OpenDraft | undefined {
    const draft = this.#drafts.get(id)
    return draft?.owner === owner ? draft : undefined
  }

  drop(id: string): void {
    this.#drafts.get(id)?.stop()
    this.#drafts.delete(id)
  }
}

interface Runs {
  connection?: TriedRun<TriedStep[]>
  attributes?: TriedRun<AttributeReport | null>
  people?: TriedRun<PeoplePreview | null>
  plan?: TriedRun<PlanPreview | null>
}

/** A draft that somebody works at, with what was tried of it. */
export class OpenDraft implements Draft {
  readonly id = randomBytes(12).toString('base64url')
  readonly owner: string
  readonly begunAt: number
  readonly #draft: SourceDraft
  readonly #deps: TrialDeps
  readonly #foreseeing: OneByOne
  readonly #runs: Runs = {}

  constructor(
    draft: SourceDraft,
    owner: string,
    begunAt: number,
    deps: TrialDeps,
    foreseeing: OneByOne,
  ) {
    this.#foreseeing = foreseeing
    this.#draft = draft
    this.owner = owner
    this.begunAt = begunAt
    this.#deps = deps
  }

  get name(): string {
    return this.#draft.name
  }

  get isNew(): boolean {
    return this.#draft.isNew
  }

  get removes(): boolean {
    return this.#draft.removes
  }

  get text(): string {
    return this.#draft.text
  }

  get fields(): DraftFields {
    return this.#draft.fields
  }

  get hasNewPassword(): boolean {
    return this.#draft.hasNewPassword
  }

  get trials(): DraftTrials {
    return this.#runs
  }

  finish(): Finished | readonly Complaint[] {
    return this.#draft.finish()
  }

  look(): DraftView {
    const finished = this.#draft.finish()
    if (!('text' in finished)) return { complaints: finished, difference: [], bringsMore: false }
    const { from, text } = finished
    const difference = diffLines(hideSecrets(from), hideSecrets(text))
    const bringsMore = difference.length > 0 && this.#isOther(from)
    return { complaints: [], difference, bringsMore }
  }

  /** Whether the service runs with another configuration than that. */
  #isOther(text: string): boolean {
    const { file, config } = this.#deps
    try {
      return !isDeepStrictEqual(parseConfig(text, file.path, file.environment), config)
    } catch {
      return true
    }
  }

  write(text: string): void {
    this.#draft.write(text)
  }

  replace(options: Readonly<Record<string, unknown>>): void {
    this.#draft.write(optionsText(options))
  }

  fillIn(fields: Partial<DraftFields>): void {
    this.#draft.fillIn(fields)
  }

  setPassword(password: string): void {
    this.#draft.setPassword(password)
  }

  remove(): void {
    this.#draft.remove()
  }

  try(what: Trial): void {
    const finished = this.#draft.finish()
    if (!('text' in finished)) return
    this.#runs[what]?.stop()
    const { config } = finished
    const subject = { name: this.name, config }
    const { signal, now } = this.#deps
    switch (what) {
      case 'connection':
        this.#runs.connection = new TriedRun<TriedStep[]>(
          [],
          soonMs,
          signal,
          async (run, signal) => {
            for await (const step of tryConnection(subject, signal)) run.found.push(step)
          },
        )
        return
      case 'attributes':
        this.#runs.attributes = this.#begin(soonMs, (signal, progress) =>
          lookAtAttributes(subject, signal, progress),
        )
        return
      case 'people':
        this.#runs.people = this.#begin(soonMs, (signal, progress) =>
          previewPeople(subject, now(), signal, progress),
        )
        return
      case 'plan': {
        const foresee = this.removes ? foreseeRemoval : foreseeRead
        this.#runs.plan = this.#begin(longestReadMs, (signal, progress) =>
          this.#foreseeing.take(signal, () => foresee(subject, this.#deps, signal, progress)),
        )
      }
    }
  }

  #begin<Found>(
    deadlineMs: number,
    work: (signal: AbortSignal, progress: (entries: number) => void) => Promise<Found>,
  ): TriedRun<Found | null> {
    return new TriedRun<Found | null>(null, deadlineMs, this.#deps.signal, async (run, signal) => {
      run.found = await work(signal, (entries) => {
        run.entries = entries
      })
    })
  }

  async settled(): Promise<void> {
    await Promise.all(Object.values(this.#runs).map(({ ended }) => ended))
  }

  stop(): void {
    for (const run of Object.values(this.#runs)) run.stop()
  }
}

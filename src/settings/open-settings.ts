import type {
  Draft,
  SettingsFileState,
  SourceOutline,
  SourceSettings,
} from '../answers/admin/source-settings.ts'
import type { Complaint } from '../complaint.ts'
import { ConfigInvalid, parseConfig } from '../config/config.ts'
import type { Config } from '../config/schema.ts'
import { sourceNames, sourceText } from '../config/source-text.ts'
import { defaults } from '../directory/options.ts'
import { presetNames } from '../mapping/options.ts'
import { presetOf } from '../mapping/presets.ts'
import { nextReads } from '../sync/schedule.ts'
import { Drafts, OpenDraft } from './drafts.ts'
import type { Foresight } from './foresight.ts'
import { mappedOf } from './form.ts'
import type { SettingsFile } from './settings-file.ts'
import { SourceDraft } from './source-draft.ts'

const readsForeseen = 4

export interface SettingsDeps extends Foresight {
  /** Null: the service runs without one. */
  readonly file: SettingsFile | null
  /** What the service runs with. */
  readonly config: Config
  /** Ends whatever is being tried. */
  readonly signal: AbortSignal
}

/**
 * Settings of sources as somebody tries them: a draft is checked as a part of the whole
 * configuration, tried by the very code that would use it, and nothing of that changes anything.
 * Applied, it is put into the file, which the service then takes up as it does for a SIGHUP.
 */
export function openSettings({ file, ...deps }: SettingsDeps): SourceSettings {
  const { config, now } = deps
  const drafts = file && new Drafts({ ...deps, file })

  function begin(owner: string, name: string): Draft | null {
    if (!file || !drafts || stateOf(file).obstacle === 'not-readable') return null
    const text = sourceText(file.read(), name)
    return text === null ? null : drafts.open(owner, new SourceDraft(name, file, text, text))
  }

  function beginNew(owner: string, name: string): Draft | null {
    if (!file || !drafts || stateOf(file).obstacle === 'not-readable') return null
    return begin(owner, name) ?? drafts.open(owner, new SourceDraft(name, file, null, newSource))
  }

  async function apply(draft: Draft, answered: Promise<void>): Promise<readonly Complaint[]> {
    const path = `sources.${draft.name}`
    if (!file || !(draft instanceof OpenDraft)) return [{ path, problem: 'cannot be saved here' }]
    const finished = draft.finish()
    if (!('text' in finished)) return finished
    const { from, text, newSecret, oldSecret } = finished
    try {
      if (newSecret) await file.writeSecret(newSecret.name, newSecret.password)
      // As it will be read: with the file of the password, and not with what was typed.
      parseConfig(text, file.path, file.environment)
      const secrets = { newSecret: newSecret?.name ?? null, oldSecret }
      await file.replace({ source: draft.name, from, text, ...secrets, now: now() })
    } catch (error) {
      if (newSecret) await file.dropSecret(newSecret.name)
      if (error instanceof ConfigInvalid) return error.complaints
      return [{ path: file.path, problem: error instanceof Error ? error.message : String(error) }]
    }
    drafts?.drop(draft.id)
    // Taking it up ends the connection that the answer goes over.
    void answered.then(() => file.takeUp())
    return []
  }

  return {
    presets: presetNames,
    filters: Object.fromEntries(presetNames.map((name) => [name, presetOf(name).filter])),
    mapped: mappedOf(),
    get file(): SettingsFileState {
      return file ? stateOf(file) : { path: null, obstacle: 'no-file', change: null }
    },
    outlines: () => Object.entries(config.sources).map(outlineOf),
    begin,
    beginNew,
    draft: (owner, id) => drafts?.get(owner, id),
    discard: ({ id }) => drafts?.drop(id),
    apply,
  }
}

/** A file with a mistake in its YAML is for whoever made it. */
function stateOf(file: SettingsFile): SettingsFileState {
  const { state } = file
  if (state.obstacle === 'not-readable') return state
  try {
    sourceNames(file.read())
    return state
  } catch {
    return { ...state, obstacle: 'not-readable' }
  }
}

/** What there is before anything is filled in. */
const newSource = 'preset: openldap\n'

function outlineOf([name, options]: readonly [string, Config['sources'][string]]): SourceOutline {
  const { preset, servers = [], domain, ldif, base, filter, bind, changes, schedule } = options
  return {
    name,
    preset,
    where: ldif ?? domain ?? servers.join(', '),
    base: base ?? '',
    filter: filter ?? presetOf(preset).filter,
    schedule,
    next: nextReads(options, readsForeseen),
    changes: ldif === undefined ? (changes ?? defaults.changes) : 'file',
    bindUser: bind?.user ?? null,
  }
}

import type { EntryRequest } from '../directory/source.ts'
import type { Site } from '../person/site.ts'
import type { Condition } from './condition.ts'
import { EntryMapper } from './entry-mapper.ts'
import type { FieldKey } from './fields.ts'
import type { Mapping } from './mapping.ts'
import type { MappingOptions } from './options.ts'
import type { Preset } from './preset.ts'
import { presetOf } from './presets.ts'
import { namesIn, type Rule } from './rule.ts'
import { conditionsOf, rulesOf } from './rules-of.ts'

/**
 * An entry comes in as the directory wrote it, and a person goes out, or a reason why not. A preset
 * says what is usual in a kind of directory; `map` says what is different here.
 *
 * Everything in an entry is text of strangers: what could mean something to Asterisk, to SIP or to
 * a mail is checked where it is read, left out with a problem, and never stops the person.
 */
export interface CompiledMapping extends Mapping {
  /** What a source has to ask the directory for. */
  readonly request: EntryRequest
}

export interface MappingParts {
  /** Name of the configured source; the first half of every person's id. */
  readonly source: string
  readonly options: MappingOptions
  readonly site: Site
}

/** For options that `checkMapping` has nothing against; throws on the first thing that is wrong. */
export function compileMapping({ source, options, site }: MappingParts): CompiledMapping {
  const preset = presetOf(options.preset)
  const rules = rulesOf(options)
  const hiddenWhen = conditionsOf(options, 'hidden') ?? []
  const disabledWhen = conditionsOf(options, 'disabled')
  const disabledRule = disabledWhen === null ? null : preset.disabled
  const mapper = new EntryMapper({
    source,
    site,
    rules,
    disabledRule,
    disabledWhen: disabledWhen ?? [],
    hiddenWhen,
  })
  const attributes = attributesOf(rules, [
    ...hiddenWhen.map(fromOf),
    ...(disabledWhen ?? []).map(fromOf),
    ...(disabledRule?.attributes ?? []),
  ])
  return {
    attributes,
    request: { filter: filterOf(preset, options), attributes, id: preset.id },
    map: (entry, now) => mapper.map(entry, now),
  }
}

function filterOf(preset: Preset, options: MappingOptions): string {
  const { filter, contacts } = preset
  return options.contacts === true && contacts !== undefined ? `(|${filter}${contacts})` : filter
}

function fromOf(condition: Condition): string {
  return condition.from
}

/** Each once, in the spelling of its first mention; `dn` and `tree` are no attributes. */
function attributesOf(
  rules: ReadonlyMap<FieldKey, Rule>,
  others: readonly string[],
): readonly string[] {
  const attributes = new Map<string, string>()
  for (const name of [...[...rules.values()].flatMap(namesIn), ...others]) {
    const key = name.toLowerCase()
    if (key === 'dn' || key === 'tree' || key.startsWith('dn.') || onlyFields.has(name)) continue
    if (!attributes.has(key)) attributes.set(key, name)
  }
  return [...attributes.values()]
}

/** Names that presets use for fields, and that no directory has. */
const onlyFields: ReadonlySet<string> = new Set(['extension'])

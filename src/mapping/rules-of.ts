import type { Complaint } from '../complaint.ts'
import { isConditionField, isFieldKey, type ConditionField, type FieldKey } from './fields.ts'
import { readConditions, type Condition } from './condition.ts'
import type { ConditionsOptions, MappingOptions } from './options.ts'
import { presetOf, presets } from './presets.ts'
import { namesIn, readRule, type Rule } from './rule.ts'

/** The preset's rules with the administrator's put over them, field by field. */
export function rulesOf(options: MappingOptions): ReadonlyMap<FieldKey, Rule> {
  const complaints: Complaint[] = []
  const rules = new Map<FieldKey, Rule>()
  const written = { ...presetOf(options.preset).map, ...options.map }
  for (const [key, rule] of Object.entries(written)) {
    if (!isFieldKey(key) || isConditionField(key) || rule === undefined) continue
    rules.set(key, readRule(rule, `map.${key}`, complaints))
  }
  if (rules.has('groups') || options.importGroup !== undefined) {
    rules.set('groups', groupsOf(rules.get('groups') ?? [], options))
  }
  throwFirst(complaints)
  return rules
}

/** The tree begins at the base of the source; whoever comes from it is in its import group. */
function groupsOf(rule: Rule, { base = '', importGroup }: MappingOptions): Rule {
  const groups = rule.map((step) => ({ ...step, base: step.base ?? base }))
  if (importGroup === undefined) return groups
  return [...groups, ...readRule({ template: importGroup }, 'importGroup', [])]
}

/**
 * When the entry is disabled or hidden, besides what the preset finds out by itself. Null: the
 * administrator does not want to know.
 */
export function conditionsOf(
  options: MappingOptions,
  field: ConditionField,
): readonly Condition[] | null {
  const complaints: Complaint[] = []
  const written: ConditionsOptions | undefined = options.map?.[field]
  if (written === null) return null
  const rule = written ?? (field === 'hidden' ? presetOf(options.preset).hidden : undefined)
  const conditions = rule === undefined ? [] : readConditions(rule, `map.${field}`, complaints)
  throwFirst(complaints)
  return conditions
}

/**
 * A name that can only mean a mapped field, such as `extension`: no directory that we have a preset
 * for has an attribute of that name. `title` may be either, and the entry's own attribute is first.
 */
export function isOnlyField(name: string): name is FieldKey {
  return isFieldKey(name) && !attributesInPresets().has(name.toLowerCase())
}

function attributesInPresets(): ReadonlySet<string> {
  knownAttributes ??= new Set(
    Object.values(presets).flatMap((preset) =>
      Object.entries(preset.map).flatMap(([key, rule]) =>
        namesIn(readRule(rule, key, []))
          .map((name) => name.toLowerCase())
          .filter((name) => name !== 'extension'),
      ),
    ),
  )
  return knownAttributes
}

let knownAttributes: ReadonlySet<string> | undefined

/** `checkMapping` says all of them; this is for those who did not ask it. */
function throwFirst(complaints: readonly Complaint[]): void {
  const [first] = complaints
  if (first !== undefined) throw new Error(`${first.path}: ${first.problem}`)
}

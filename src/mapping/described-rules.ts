import { isFieldKey, isSecretField } from './fields.ts'
import type { MappingOptions } from './options.ts'
import { presetOf } from './presets.ts'

/** Where a field of everybody of a source comes from. */
export interface DescribedRule {
  readonly field: string
  /** As it is written in a configuration: attributes, or options with their values. */
  readonly rule: string
  /** Whether the administrator wrote it; else it is the preset's. */
  readonly isOwn: boolean
}

/** The rules of a source in words, the administrator's in place of the preset's. No secrets' values. */
export function describeRules(options: MappingOptions): readonly DescribedRule[] {
  const own = options.map ?? {}
  const written = { ...presetOf(options.preset).map, ...own }
  return Object.entries(written).flatMap(([field, rule]): DescribedRule[] => {
    if (!isFieldKey(field) || rule === undefined || rule === null) return []
    return [{ field, rule: ruleText(rule, isSecretField(field)), isOwn: field in own }]
  })
}

/** A template of a secret may be one; where it is taken from is none. */
function ruleText(rule: unknown, isSecret: boolean): string {
  return [rule]
    .flat()
    .map((step: unknown) => (typeof step === 'string' ? step : stepText(step, isSecret)))
    .join(', ')
}

function stepText(step: unknown, isSecret: boolean): string {
  return Object.entries(step ?? {})
    .map(([name, value]: [string, unknown]) => {
      const isHidden = isSecret && name !== 'from'
      return `${name}: ${isHidden ? '…' : [value].flat().map(String).join(', ')}`
    })
    .join('; ')
}

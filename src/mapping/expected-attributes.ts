import { readConditions } from './condition.ts'
import { isConditionField, isFieldKey, isListField, type FieldKey } from './fields.ts'
import type { MappingOptions, PresetName, RuleOptions } from './options.ts'
import { presetOf } from './presets.ts'
import { namesIn, readRule } from './rule.ts'
import { isOnlyField } from './rules-of.ts'

/** Attributes of which at least one entry should have at least one. */
export interface ExpectedAttributes {
  readonly field: string
  /** In lower case and without options such as `;lang-en`. */
  readonly attributes: readonly string[]
}

/**
 * What the administrator named himself; that nobody has an attribute of the preset means nothing.
 * The places of a text are tried one after the other, so one of them will do; those of a list are
 * gathered, and each is there for something. A bare `disabled: attribute` may well be nobody's.
 */
export function expectedAttributes({ map, preset }: MappingOptions): readonly ExpectedAttributes[] {
  return Object.entries(map ?? {}).flatMap(([field, written]): ExpectedAttributes[] => {
    if (!isFieldKey(field) || written === null || written === undefined) return []
    if (isConditionField(field)) {
      // `as`: the configuration's schema has seen that a condition field holds conditions.
      return readConditions(written as never, field, [])
        .filter(({ from }) => !isWrittenBare(written, from))
        .map(({ from }) => ({ field, attributes: [plainName(from)] }))
    }
    const names = namesOf(written, field)
    if (names.length === 0) return []
    if (!isListField(field)) return [{ field, attributes: [...new Set(names)] }]
    const own = names.length === 1 ? names : withoutUsual(names, field, preset)
    return [...new Set(own)].map((name) => ({ field, attributes: [name] }))
  })
}

/** Who adds to a list of the preset has to write down its attributes again. */
function withoutUsual(names: readonly string[], field: FieldKey, preset: PresetName): string[] {
  const usual = namesOf(Reflect.get(presetOf(preset).map, field) ?? null, field)
  return names.filter((name) => !usual.includes(name))
}

function namesOf(written: unknown, field: FieldKey): string[] {
  // `as`: the configuration's schema, or the preset's type, has seen that these are rules.
  return namesIn(readRule(written as RuleOptions, field, []))
    .filter(isAttribute)
    .map(plainName)
}

function isWrittenBare(written: unknown, from: string): boolean {
  return [written].flat().some((one) => one === from)
}

function isAttribute(name: string): boolean {
  return !/^(dn|dn\..*|tree)$/i.test(name) && !isOnlyField(name)
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/;.*$/, '')
}

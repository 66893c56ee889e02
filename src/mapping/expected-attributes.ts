import { readConditions } from './condition.ts'
import { isConditionField, isFieldKey, isListField } from './fields.ts'
import type { MappingOptions } from './options.ts'
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
export function expectedAttributes({ map }: MappingOptions): readonly ExpectedAttributes[] {
  return Object.entries(map ?? {}).flatMap(([field, written]): ExpectedAttributes[] => {
    if (!isFieldKey(field) || written === null || written === undefined) return []
    if (isConditionField(field)) {
      // `as`: the configuration's schema has seen that a condition field holds conditions.
      return readConditions(written as never, field, [])
        .filter(({ from }) => !isWrittenBare(written, from))
        .map(({ from }) => ({ field, attributes: [plainName(from)] }))
    }
    const names = namesIn(readRule(written as never, field, []))
      .filter(isAttribute)
      .map(plainName)
    if (names.length === 0) return []
    return isListField(field)
      ? [...new Set(names)].map((name) => ({ field, attributes: [name] }))
      : [{ field, attributes: [...new Set(names)] }]
  })
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

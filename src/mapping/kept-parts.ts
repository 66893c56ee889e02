import { isPersonPart, type PersonPart } from '../person/parts.ts'
import type { MappingOptions } from './options.ts'
import { rulesOf } from './rules-of.ts'

/** The parts of a person whose last value stays when the directory has none any more. */
export function keptParts(options: MappingOptions): readonly PersonPart[] {
  return [...rulesOf(options)].flatMap(([field, rule]) =>
    isPersonPart(field) && rule.some(({ keeps }) => keeps) ? [field] : [],
  )
}

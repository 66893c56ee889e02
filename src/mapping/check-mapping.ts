import type { Complaint } from '../complaint.ts'
import { readConditions } from './condition.ts'
import {
  fieldKeys,
  isConditionField,
  isFieldKey,
  isListField,
  isSecretField,
  nearestField,
  textFields,
  type FieldKey,
} from './fields.ts'
import { isPersonPart } from '../person/parts.ts'
import type { MappingOptions } from './options.ts'
import { namesIn, readRule, type Rule } from './rule.ts'
import { isOnlyField, rulesOf } from './rules-of.ts'

/** Everything that is wrong with a source's `map`, each with its place in the configuration. */
export function checkMapping(options: MappingOptions, path: string): Complaint[] {
  const complaints: Complaint[] = []
  for (const [key, rule] of Object.entries(options.map ?? {})) {
    const place = `${path}.map.${key}`
    if (!isFieldKey(key)) {
      complaints.push(unknownField(key, place))
    } else if (isConditionField(key)) {
      // `as`: the configuration's schema has seen that a condition field holds conditions.
      readConditions(rule as never, place, complaints)
    } else {
      checkRule(key, readRule(rule, place, complaints), place, complaints)
    }
  }
  if (options.contacts === true && options.preset !== 'active-directory') {
    complaints.push({
      path: `${path}.contacts`,
      problem: `contacts are known to the preset active-directory only, not to ${options.preset}`,
    })
  }
  if (complaints.length === 0) checkReferences(options, path, complaints)
  return complaints
}

function unknownField(key: string, path: string): Complaint {
  const nearest = nearestField(key)
  if (nearest === undefined) {
    return { path, problem: `there is no field "${key}"; known are ${fieldKeys.join(', ')}` }
  }
  const problem = `there is no field "${key}"; did you mean "${nearest}"?`
  return { path, problem, example: `${nearest}: …` }
}

function checkRule(key: FieldKey, rule: Rule, path: string, complaints: Complaint[]): void {
  const isList = isListField(key)
  for (const step of rule) {
    if (step.values === 'all' && !isList && !isJoinable(key)) {
      complaints.push({
        path,
        problem: `${key} takes one value; "values: all" makes no sense here`,
      })
    }
    if (key !== 'groups' && step.from.some((name) => name.toLowerCase() === 'tree')) {
      complaints.push({ path, problem: '"tree" makes groups only', example: 'dn.ou' })
    }
    if (step.keeps && !isPersonPart(key)) {
      complaints.push({ path, problem: `"whenGone: keep" makes no sense for ${key}` })
    }
    if (step.own && key !== 'did') {
      complaints.push({ path, problem: '"own" is a word for did only' })
    }
  }
}

/** Details may show several values in one text; names and ids may not. */
function isJoinable(key: string): boolean {
  const single: readonly string[] = ['user', 'name', 'firstName', 'lastName', 'email', 'callerId']
  return (textFields as readonly string[]).includes(key) && !single.includes(key)
}

/** Fields that are made from other fields: these must be there, and not go round in a circle. */
function checkReferences(options: MappingOptions, path: string, complaints: Complaint[]): void {
  const rules = rulesOf(options)
  for (const [key, rule] of rules) {
    if (options.map?.[key as keyof typeof options.map] === undefined) continue
    for (const name of namesIn(rule)) {
      if (!isOnlyField(name) || name === key) continue
      const place = `${path}.map.${key}`
      if (isConditionField(name) || isSecretField(name)) {
        complaints.push({ path: place, problem: `nothing can be made from "${name}"` })
      } else if ((rules.get(name)?.length ?? 0) === 0) {
        complaints.push({
          path: place,
          problem: `refers to "${name}", which is not mapped`,
          example: `${name}: …`,
        })
      } else if (leadsTo(name, key, rules, new Set())) {
        complaints.push({
          path: place,
          problem: `"${key}" is made from "${name}", and that from "${key}"`,
        })
      }
    }
  }
}

function leadsTo(
  from: FieldKey,
  wanted: FieldKey,
  rules: ReadonlyMap<FieldKey, Rule>,
  seen: Set<FieldKey>,
): boolean {
  if (from === wanted) return true
  if (seen.has(from)) return false
  seen.add(from)
  const next = namesIn(rules.get(from) ?? []).filter(isOnlyField)
  return next.some((name) => name !== from && leadsTo(name, wanted, rules, seen))
}

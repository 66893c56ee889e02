import { cleanText } from '../person/text.ts'
import { rdnValues, unitsAbove } from './dn.ts'
import type { Draft } from './draft.ts'
import { isConditionField, isFieldKey, isSecretField, type FieldKey } from './fields.ts'
import { valueName, type Rule, type Step, type Template } from './rule.ts'
import { longestMatched } from './safe-regexp.ts'

/** One place where values of a field come from. */
export interface Origin {
  /** For reports: the attribute as the administrator spells it. */
  readonly attribute: string
  /** True when an expression or template made the value: then it is taken as it is. */
  readonly isMade: boolean
  readonly values: 'first' | 'all' | null
  readonly own: boolean
  read(draft: Draft): readonly string[]
}

/** The rule's origins in their order; each is asked only when it is its turn. */
export function compileRule(rule: Rule, field: FieldKey): readonly Origin[] {
  return rule.flatMap((step) => {
    if (step.from.length === 0) return step.template === null ? [] : [templateOnly(step, field)]
    return step.from.map((name) => originOf(name, step, field))
  })
}

/** The first `most` values: an entry with thousands of them must cost no more than others. */
export function few(values: readonly string[], most: number): readonly string[] {
  return values.length > most ? values.slice(0, most) : values
}

const none: readonly string[] = Object.freeze([])

/** Groups come in hundreds; what an expression is run over is fewer, since each may take its time. */
const mostValues = 1000
const mostMatched = 200

function originOf(name: string, step: Step, field: FieldKey): Origin {
  const look = isTree(name, field) ? lookUpwards(step.base ?? '') : lookUp(name, field)
  const change = changeOf(step, name, field)
  const most = step.match === null ? mostValues : mostMatched
  return {
    attribute: name,
    isMade: step.match !== null || step.template !== null,
    values: step.values,
    own: step.own,
    read: change === null ? look : (draft) => changeAll(look(draft), change, most, draft),
  }
}

function templateOnly(step: Step, field: FieldKey): Origin {
  const { template } = step
  const fill = template === null ? () => '' : compileTemplate(template, field)
  return {
    attribute: template?.names.join(', ') ?? '',
    isMade: true,
    values: step.values,
    own: step.own,
    read: (draft) => {
      const text = fill(draft, '')
      return text === '' ? none : [text]
    },
  }
}

/** The entry's attribute of that name, or else the mapped field. */
function lookUp(name: string, field: FieldKey): (draft: Draft) => readonly string[] {
  const key = name.toLowerCase()
  if (key === 'dn') return (draft) => [draft.entry.dn]
  if (key.startsWith('dn.')) return (draft) => rdnValues(draft.entry.dn, key.slice(3))
  if (name === field || !isReadable(name)) {
    return (draft) => draft.entry.attributes.get(key) ?? none
  }
  return (draft) => draft.entry.attributes.get(key) ?? draft.field(name)
}

function isTree(name: string, field: FieldKey): boolean {
  return field === 'groups' && name.toLowerCase() === 'tree'
}

/** The units that the entry stands under, as far up as the base. */
function lookUpwards(base: string): (draft: Draft) => readonly string[] {
  return (draft) => unitsAbove(draft.entry.dn, base)
}

/** Secrets must not find their way into what is shown. */
function isReadable(name: string): name is FieldKey {
  return isFieldKey(name) && !isConditionField(name) && !isSecretField(name)
}

type Change = (value: string, draft: Draft) => readonly string[]

/** Null when the values are taken as they are: that is nearly always so, and costs nothing. */
function changeOf(step: Step, name: string, field: FieldKey): Change | null {
  const { split, match, template } = step
  if (split === null && match === null && template === null) return null
  const matched: Change | null = match === null ? null : matchOf(step, match, name)
  const fill = template === null ? null : compileTemplate(template, field)
  return (value, draft) => {
    let values: readonly string[] = split === null ? [value] : splitText(value, split)
    if (matched !== null) values = values.flatMap((one) => matched(one, draft))
    if (fill !== null) values = values.map((one) => fill(draft, one))
    return values
  }
}

function changeAll(
  values: readonly string[],
  change: Change,
  most: number,
  draft: Draft,
): readonly string[] {
  if (values.length === 0) return none
  return few(values, most).flatMap((value) => change(value, draft))
}

function matchOf(step: Step, match: RegExp, name: string): Change {
  const { replace } = step
  return (raw, draft) => {
    const { text, isCut } = cleanText(raw, longestMatched)
    if (isCut) {
      draft.problem(name, `is longer than ${longestMatched} characters, so "match" was not tried`)
      return none
    }
    if (replace !== null) return [text.replace(match, replace)]
    const found = match.exec(text)
    const value = found?.[1] ?? found?.[0]
    return value === undefined || value === '' ? none : [value]
  }
}

function splitText(value: string, separator: string): readonly string[] {
  return value
    .split(separator, mostValues)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** Names without a value become nothing; a template of which nothing is known has no value at all. */
function compileTemplate(
  template: Template,
  field: FieldKey,
): (draft: Draft, value: string) => string {
  const readers = template.names.map((name) => (name === valueName ? null : lookUp(name, field)))
  return (draft, value) => {
    let text = template.texts[0] ?? ''
    let isKnown = readers.length === 0
    for (const [index, read] of readers.entries()) {
      const part = read === null ? value : (read(draft)[0] ?? '')
      if (part !== '') isKnown = true
      text += part + (template.texts[index + 1] ?? '')
    }
    return isKnown ? text.trim() : ''
  }
}

import type { Complaint } from '../complaint.ts'
import type { RuleOptions, StepOptions } from './options.ts'
import { compileSafely, countGroups } from './safe-regexp.ts'

/** A field's rule, read and checked: its steps are tried (text) or gathered (list) in order. */
export type Rule = readonly Step[]

/** Values of the named sources, one after the other: split, then match or replace, then template. */
export interface Step {
  /** Attributes or fields as the administrator spells them; empty when only the template speaks. */
  readonly from: readonly string[]
  readonly split: string | null
  /** With the `g` flag when `replace` is there. */
  readonly match: RegExp | null
  readonly replace: string | null
  readonly template: Template | null
  /** Null: as is usual for the field. */
  readonly values: 'first' | 'all' | null
  readonly own: boolean
  /** Where the tree begins; null: at the base of the source. */
  readonly base: string | null
  /** The last value stays when there is none any more. */
  readonly keeps: boolean
}

export interface Template {
  /** Plain texts around the names: always one more than there are names. */
  readonly texts: readonly string[]
  readonly names: readonly string[]
}

/** In a template: the value that was found so far. */
export const valueName = 'value'

/** Reads what was written for a field; what is wrong is added to the complaints and left out. */
export function readRule(options: RuleOptions, path: string, complaints: Complaint[]): Rule {
  if (options === null) return []
  if (!Array.isArray(options)) return [readStep(options, path, complaints)]
  return options.map((one, index) => readStep(one, `${path}[${index}]`, complaints))
}

/** Every attribute or field that the rule reads, as it is spelled. */
export function namesIn(rule: Rule): readonly string[] {
  return rule.flatMap((step) => [
    ...step.from,
    ...(step.template?.names.filter((name) => name !== valueName) ?? []),
  ])
}

function readStep(options: string | StepOptions, path: string, complaints: Complaint[]): Step {
  if (typeof options === 'string')
    return { ...plainStep, from: readFrom(options, path, complaints) }
  const { from, split, values, own } = options
  const step: Step = {
    from: from === undefined ? [] : readFrom(from, `${path}.from`, complaints),
    split: split ?? null,
    match: readMatch(options, path, complaints),
    replace: options.replace ?? null,
    template: readTemplate(options, path, complaints),
    values: values ?? null,
    own: own ?? false,
    base: options.base ?? null,
    keeps: options.whenGone === 'keep',
  }
  if (from === undefined && step.template === null) {
    complaints.push({
      path,
      problem: 'says neither from nor template, so there is nothing to take a value from',
      example: '{ from: ipPhone }',
    })
  }
  return step
}

const plainStep: Omit<Step, 'from'> = {
  split: null,
  match: null,
  replace: null,
  template: null,
  values: null,
  own: false,
  base: null,
  keeps: false,
}

function readFrom(
  from: string | readonly string[],
  path: string,
  complaints: Complaint[],
): readonly string[] {
  const names = typeof from === 'string' ? [from] : from
  for (const name of names) {
    if (/^[A-Za-z][A-Za-z0-9-]*(?:[;.][A-Za-z0-9=;-]+)*$/.test(name)) continue
    complaints.push({
      path,
      problem: `"${name}" is no attribute name`,
      example: 'telephoneNumber',
    })
  }
  return names
}

function readMatch(options: StepOptions, path: string, complaints: Complaint[]): RegExp | null {
  const { match, replace } = options
  if (match === undefined) {
    if (replace !== undefined) {
      complaints.push({
        path: `${path}.replace`,
        problem: 'replace needs a match that says what is replaced',
        example: "{ match: '^00', replace: '+' }",
      })
    }
    return null
  }
  const expression = compileSafely(match)
  if (typeof expression === 'string') {
    complaints.push({
      path: `${path}.match`,
      problem: `"${match}": ${expression}`,
      example: '(\\d{3,4})$',
    })
    return null
  }
  const groups = countGroups(expression)
  const highest = Math.max(
    0,
    ...Array.from(replace?.matchAll(/\$(\d{1,2})/g) ?? [], ([, n]) => Number(n)),
  )
  if (highest > groups) {
    complaints.push({
      path: `${path}.replace`,
      problem: `"$${highest}" refers to nothing: match has ${groups === 0 ? 'no brackets' : `${groups} pairs of brackets`}`,
      example: "{ match: '^0(.*)$', replace: '+49$1' }",
    })
  }
  return replace === undefined ? expression : new RegExp(expression, `${expression.flags}g`)
}

function readTemplate(
  options: StepOptions,
  path: string,
  complaints: Complaint[],
): Template | null {
  const { template, from } = options
  if (template === undefined) return null
  const complain = (problem: string) =>
    complaints.push({ path: `${path}.template`, problem, example: '{givenName} {sn}' })
  const parts = template.split(/\{([^{}]*)\}/)
  const names = parts.filter((_, index) => index % 2 === 1)
  const texts = parts.filter((_, index) => index % 2 === 0)
  if (texts.some((text) => /[{}]/.test(text)))
    complain(`"${template}" has a bracket without its mate`)
  for (const name of names) {
    if (name === valueName) {
      if (from === undefined) complain('{value} refers to nothing: there is no from')
    } else if (!/^[A-Za-z][A-Za-z0-9.;-]*$/.test(name)) {
      complain(`{${name}} is no attribute and no field`)
    }
  }
  return { texts, names }
}

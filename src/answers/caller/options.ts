import { Type, type Static } from 'typebox'
import type { Complaint } from '../../complaint.ts'
import { isDialable } from '../../person/dialable.ts'
import { parseNumberRule } from '../../person/number-rules.ts'
import { didProperties, leaverDidProperties, unknownDidProperties } from './called-options.ts'
import { outboundProperties } from './outbound-options.ts'

const rules = (description: string) =>
  Type.Optional(Type.Array(Type.String(), { description, examples: [['0049 -> +49', '9 -> ']] }))

const trunkOptions = Type.Object(
  {
    in: rules(
      'How numbers that the trunk sends are rewritten before they are understood: `beginning -> instead`, or a whole number with x for digits that are carried over; the first rule that fits counts.',
    ),
    out: rules('How numbers are rewritten for the trunk: those that are dialled, and the own one.'),
    extensions: Type.Optional(
      Type.Boolean({
        description:
          'Whether a short number of a caller is a colleague: for a trunk to another own exchange. Anybody else could pass for a colleague.',
        default: false,
      }),
    ),
  },
  { additionalProperties: false },
)

export const callProperties = {
  calls: Type.Object(
    {
      shared: Type.Union(
        [Type.Literal('organisation'), Type.Literal('nearer'), Type.Literal('nothing')],
        {
          default: 'organisation',
          description:
            'The name of a caller whose number several people have: the `organisation` that they share, the one of the `nearer` source (that stands first), or `nothing`.',
        },
      ),
      suffixDigits: Type.Integer({
        default: 7,
        minimum: 7,
        maximum: 12,
        description:
          'Digits that must agree, from the right, when a trunk sends only the end of a number.',
      }),
      companyDigits: Type.Integer({
        default: 5,
        minimum: 0,
        maximum: 6,
        description:
          "Digits behind a company's main number that may be an extension of it: its callers get the company's name. 0: never.",
      }),
      pictures: Type.Optional(
        Type.String({
          pattern: '^https?://',
          description:
            'Address of pictures of people, with {user}, {email}, {extension}, {employeeId} or {id} in it.',
          examples: ['https://intranet.example.org/photos/{user}.jpg'],
        }),
      ),
      vip: Type.Array(Type.String(), {
        default: [],
        description: 'Groups (name or DN) whose members are marked as important callers.',
      }),
      trunks: Type.Record(Type.String(), trunkOptions, {
        default: {},
        description: 'How each trunk writes numbers, by the name that the dialplan gives.',
      }),
      operator: Type.Optional(
        Type.String({
          description: 'Extension that rings for public numbers that have nobody any more.',
          examples: ['500'],
        }),
      ),
      ...didProperties,
      ...leaverDidProperties,
      ...unknownDidProperties,
      ...outboundProperties,
    },
    {
      additionalProperties: false,
      default: {},
      description: 'Who is calling, whom to ring, and which number to show.',
    },
  ),
}

const callOptions = Type.Object(callProperties)
export type CallOptions = Static<typeof callOptions>['calls']

export function checkCalls(calls: CallOptions): Complaint[] {
  const complaints: Complaint[] = []
  for (const [name, trunk] of Object.entries(calls.trunks)) {
    for (const way of ['in', 'out'] as const) {
      complaints.push(...checkRules(trunk[way] ?? [], `calls.trunks.${name}.${way}`))
    }
  }
  const extension = (path: string, text: string, example: string) => {
    if (isDialable(text)) return
    complaints.push({ path, problem: `'${text}' cannot be an extension`, example })
  }
  const e164 = (path: string, text: string) => {
    if (/^\+[1-9]\d{3,14}$/.test(text)) return
    const problem = `'${text}' is no public number; expected + and digits`
    complaints.push({ path, problem, example: '"+49301234500"' })
  }
  if (calls.operator !== undefined) extension('calls.operator', calls.operator, '"500"')
  for (const [did, { to }] of Object.entries(calls.dids)) {
    e164('calls.dids', did)
    for (const each of to ?? []) {
      if (!/^\+[1-9]\d{3,14}$/.test(each)) extension(`calls.dids.${did}.to`, each, '["501", "502"]')
    }
  }
  if (calls.unknownDid === 'operator' && calls.operator === undefined) {
    const problem = 'says `operator`, but calls.operator names none'
    complaints.push({ path: 'calls.unknownDid', problem, example: 'operator: "500"' })
  }
  const { site, departments } = calls.outbound
  if (site !== undefined) e164('calls.outbound.site', site)
  for (const [name, number] of Object.entries(departments)) {
    e164(`calls.outbound.departments.${name}`, number)
  }
  return complaints
}

/** Complaints about each rule that cannot be used. */
export function checkRules(texts: readonly string[], path: string): Complaint[] {
  return texts.flatMap((text, index) => {
    const rule = parseNumberRule(text)
    if (typeof rule !== 'string') return []
    return [{ path: `${path}[${index}]`, problem: rule, example: '0049 -> +49' }]
  })
}

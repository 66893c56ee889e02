import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'
import type { EntryProblem } from '../directory/source.ts'
import type { JoinRule } from '../people/join-rule.ts'
import type { People } from '../people/people.ts'
import { isPersonPart, personParts, type PersonPart } from '../person/parts.ts'

/** What two directories may say of one person in the same words. */
const keys = [
  'email',
  'employeeId',
  'user',
  'extension',
  'loginName',
  'imId',
  'alternateEmail',
  'custom1',
  'custom2',
  'custom3',
] as const satisfies readonly PersonPart[]

export const joinProperties = {
  join: Type.Optional(
    Type.Object(
      {
        to: Type.String({
          description: 'An earlier source; who is in both is one person, with the id he has there.',
          examples: ['office'],
        }),
        by: Type.Union(
          keys.map((key) => Type.Literal(key)),
          { description: 'The field that must be the same, without regard to case.' },
        ),
        fields: Type.Optional(
          Type.Array(Type.String(), {
            minItems: 1,
            description:
              'Fields that this source may give where the earlier one has nothing. Default: every one.',
            examples: [['mobile', 'title']],
          }),
        ),
      },
      {
        additionalProperties: false,
        description:
          'Makes one person of somebody who is in two sources. Without it they are kept apart.',
      },
    ),
  ),
}

const joinOptions = Type.Object(joinProperties)
export type JoinOptions = Static<typeof joinOptions>

export function compileJoins(sources: Readonly<Record<string, JoinOptions>>): readonly JoinRule[] {
  return Object.entries(sources).flatMap(([source, { join }]) => {
    if (!join) return []
    const { to, by, fields } = join
    return [{ source, to, by, parts: fields?.filter(isPersonPart) ?? personParts }]
  })
}

export function checkJoins(sources: Readonly<Record<string, JoinOptions>>): Complaint[] {
  const names = Object.keys(sources)
  return Object.entries(sources).flatMap(([name, { join }], index) => {
    if (!join) return []
    const path = `sources.${name}.join`
    return [
      ...checkTarget(join.to, names.slice(0, index), sources, `${path}.to`),
      ...(join.fields ?? []).flatMap((field): Complaint[] => {
        if (isPersonPart(field)) return []
        const problem = `there is no field "${field}" that could be filled; known are ${personParts.join(', ')}`
        return [{ path: `${path}.fields`, problem, example: '[mobile, title]' }]
      }),
    ]
  })
}

function checkTarget(
  to: string,
  earlier: readonly string[],
  sources: Readonly<Record<string, JoinOptions>>,
  path: string,
): Complaint[] {
  if (!earlier.includes(to)) {
    const known = earlier.length === 0 ? 'none does' : `these do: ${earlier.join(', ')}`
    return [{ path, problem: `no source '${to}' stands before this one; ${known}` }]
  }
  const further = sources[to]?.join?.to
  if (further === undefined) return []
  return [{ path, problem: `'${to}' is itself joined to '${further}'`, example: further }]
}

const problemsShown = 100

/** People of a source who may be one with more than one person, and so are kept apart. */
export function joinProblems(people: People, source: string): readonly EntryProblem[] {
  const problems: EntryProblem[] = []
  for (const { rule, key, members } of people.ambiguousJoins(source)) {
    if (problems.length >= problemsShown) break
    const who = members.slice(0, 6).map(({ person }) => `${person.name} (${person.id})`)
    const text = `not joined with ${rule.to}: ${members.length} people have ${rule.by} "${key.slice(0, 80)}": ${who.join(', ')}`
    const entry = members.find(({ person }) => person.source === source)?.person.dn ?? source
    problems.push({ entry, text })
  }
  return problems
}

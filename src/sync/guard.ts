import { Type, type Static } from 'typebox'
import { durationProperty, readDuration } from './duration.ts'

export const guardKinds = ['add', 'change', 'disable', 'remove'] as const
/** `remove`: people who are not in the directory any more, and people to be deleted. */
export type GuardKind = (typeof guardKinds)[number]

const changes = Type.Integer({ minimum: 0, description: 'People a run may touch by itself.' })
const percent = Type.Number({
  minimum: 0,
  maximum: 100,
  description: 'Share of the source’s people that a run may touch by itself.',
})

const limits = Type.Object(
  { changes: Type.Optional(changes), percent: Type.Optional(percent) },
  { additionalProperties: false, description: 'Limits of this kind of change alone.' },
)

const kinds = {
  add: Type.Optional(limits),
  change: Type.Optional(limits),
  disable: Type.Optional(limits),
  remove: Type.Optional(limits),
}

const description =
  'A run that would touch more people of a kind (added, changed, disabled, removed) than the smaller of `changes` and `percent` is held until somebody approves it. The share never counts as fewer than 5 people.'

/** At the top level, for every source. */
export const guardProperties = {
  guard: Type.Object(
    {
      changes: { ...changes, default: 25 },
      percent: { ...percent, default: 10 },
      ...kinds,
      expires: durationProperty('7d', 'How long a held plan can be approved.'),
      window: durationProperty(
        '1h',
        'Announced changes of this long count together: people who are deleted one by one are as many as people who are deleted at once.',
      ),
    },
    {
      additionalProperties: false,
      default: { changes: 25, percent: 10, expires: '7d', window: '1h' },
      description,
    },
  ),
}

/** In a source: what differs there. */
export const sourceGuardProperties = {
  guard: Type.Optional(
    Type.Object(
      { changes: Type.Optional(changes), percent: Type.Optional(percent), ...kinds },
      { additionalProperties: false, description },
    ),
  ),
}

const guardOptions = Type.Object(guardProperties)
const sourceGuardOptions = Type.Object(sourceGuardProperties)
export type GuardOptions = Static<typeof guardOptions>
export type SourceGuardOptions = Static<typeof sourceGuardOptions>

interface Limits {
  readonly changes: number
  readonly percent: number
}

export interface Guard {
  readonly limits: Readonly<Record<GuardKind, Limits>>
  readonly expiresMs: number
  /** For how long announced changes are counted together. */
  readonly windowMs: number
}

/** The nearer word counts: the source's kind, the source, the kind, everything. */
export function compileGuard({ guard }: GuardOptions, source: SourceGuardOptions): Guard {
  const of = (kind: GuardKind): Limits => ({
    changes: guard.changes,
    percent: guard.percent,
    ...guard[kind],
    ...given(source.guard?.changes, source.guard?.percent),
    ...source.guard?.[kind],
  })
  return {
    limits: { add: of('add'), change: of('change'), disable: of('disable'), remove: of('remove') },
    expiresMs: readDuration(guard.expires),
    windowMs: readDuration(guard.window),
  }
}

function given(changes: number | undefined, percent: number | undefined): Partial<Limits> {
  return {
    ...(changes === undefined ? {} : { changes }),
    ...(percent === undefined ? {} : { percent }),
  }
}

/** A tenth of a dozen people is one, and somebody leaves every week. */
const alwaysAllowed = 5

/** How many people of a kind a run may touch; `known`: how many the source has. */
export function limitOf(kind: GuardKind, known: number, guard: Guard): number {
  const { changes, percent } = guard.limits[kind]
  return Math.min(changes, Math.max(alwaysAllowed, Math.floor((known * percent) / 100)))
}

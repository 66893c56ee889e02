import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { People } from '../../people/people.ts'
import type { NumberKind } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import { inTurns } from '../../turns.ts'
import type { NumberLedger } from './number-ledger.ts'
import {
  unownedOf,
  unreadableOf,
  type LengthUse,
  type NumberRange,
  type UnownedDids,
} from './number-use.ts'
import { pageOf, pageQuery, placeAfter, type PageQuery } from './paging.ts'
import { listedAfter, type Roster } from './roster.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface NumbersDeps {
  readonly people: People
  readonly site: Site
  readonly roster: Roster
  readonly ledger: NumberLedger
}

const schema = { querystring: Type.Object(pageQuery(200, 1000)) }

/** `/api/numbers`: what is taken and free, contested, not understood, and what rings nobody. */
export function mountNumbers(app: FastifyInstance, deps: NumbersDeps): void {
  const { people, site, roster, ledger } = deps
  app.get('/numbers', async () => {
    const { use, conflicts, unreadable, unowned } = await ledger.report()
    return {
      extensions: use.map(({ digits, used, free }) => {
        return { digits, used, free: free.reduce((sum, { count }) => sum + count, 0) }
      }),
      conflicts: conflicts.count,
      unreadable: unreadable.count,
      unowned: unowned.count,
    } satisfies AnswerTo<'GET /api/numbers'>
  })

  app.get('/numbers/free', { schema }, async ({ query }: Listing) => {
    const after = placeAfter(query, 'number', 'string')
    const { use } = await ledger.report()
    const ranges = use.flatMap((each) => freeAfter(each, after))
    const { rows, next } = pageOf(ranges, query, ({ last }) => [last.length, last])
    return { free: rows, next } satisfies AnswerTo<'GET /api/numbers/free'>
  })

  app.get('/numbers/unreadable', { schema }, async ({ query }: Listing) => {
    const rows = await unreadableAfter(
      roster,
      query.limit + 1,
      placeAfter(query, 'string', 'number'),
    )
    const { rows: page, next } = pageOf(rows, query, ({ id, at }) => [id, at])
    return {
      unreadable: page.map(({ at: _, ...row }) => row),
      next,
    } satisfies AnswerTo<'GET /api/numbers/unreadable'>
  })

  app.get('/numbers/unowned', { schema }, async ({ query }: Listing) => {
    const [from, after] = placeAfter(query, 'number', 'string') ?? [0, undefined]
    const ranges: { at: number; range: UnownedDids }[] = []
    for (const [at, rule] of site.dids.entries()) {
      if (at < from) continue
      const found = await unownedOf(rule, people, site, at === from ? after : undefined)
      ranges.push(...found.map((range) => ({ at, range })))
    }
    const { rows, next } = pageOf(ranges, query, ({ at, range }) => [at, range.last])
    return {
      unowned: rows.map(({ range }) => range),
      next,
    } satisfies AnswerTo<'GET /api/numbers/unowned'>
  })

  app.get('/conflicts', { schema }, async ({ query }: Listing) => {
    const after = placeAfter(query, 'string', 'string')
    const all = Array.from(people.conflicts(), ({ key, kind, owner, loser }) => ({
      key,
      kind,
      owner: { id: owner.id, name: owner.name },
      loser: { id: loser.id, name: loser.name },
    }))
    const placeOf = ({ key, loser }: (typeof all)[number]) => [key, loser.id] as const
    const rest = all
      .filter((row) => !after || comparePlaces(placeOf(row), after) > 0)
      .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)))
    const { rows, next } = pageOf(rest, query, placeOf)
    return { conflicts: rows, next } satisfies AnswerTo<'GET /api/conflicts'>
  })
}

/** What of it lies behind a number: a range that grew since goes on where the page before ended. */
function freeAfter(
  { digits, free }: LengthUse,
  after: readonly [number, string] | undefined,
): readonly NumberRange[] {
  if (!after || digits > after[0]) return free
  if (digits < after[0]) return []
  const end = Number(after[1])
  return free
    .filter(({ last }) => Number(last) > end)
    .map((range) => {
      const first = Math.max(Number(range.first), end + 1)
      const text = String(first).padStart(digits, '0')
      return { ...range, first: text, count: Number(range.last) - first + 1 }
    })
}

interface UnreadableRow {
  readonly id: string
  readonly name: string
  readonly kind: NumberKind
  readonly text: string
  /** Which of his unreadable numbers it is. */
  readonly at: number
}

async function unreadableAfter(
  roster: Roster,
  most: number,
  after: readonly [string, number] | undefined,
): Promise<readonly UnreadableRow[]> {
  const everybody = await roster.find('', 'all', 'id')
  const [lastId, lastAt] = after ?? ['', -1]
  const last = everybody.find(({ member }) => member.person.id === lastId)
  const rest = listedAfter(everybody, 'id', after && ['', lastId])
  const turn = inTurns()
  const rows: UnreadableRow[] = []
  for (const { member } of last ? [last, ...rest] : rest) {
    await turn()
    const { id, name } = member.person
    for (const [at, { kind, text }] of unreadableOf(member.person).entries()) {
      if (id !== lastId || at > lastAt) rows.push({ id, name, kind, text, at })
    }
    if (rows.length >= most) break
  }
  return rows
}

function comparePlaces(a: readonly [string, string], b: readonly [string, string]): number {
  const [x, y] = a[0] === b[0] ? [a[1], b[1]] : [a[0], b[0]]
  if (x === y) return 0
  return x < y ? -1 : 1
}

type Listing = FastifyRequest<{ Querystring: PageQuery }>

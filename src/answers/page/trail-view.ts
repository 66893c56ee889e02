import type { People } from '../../people/people.ts'
import type { AuditEntry } from '../../state/audit.ts'
import { deeds } from './words-deeds.ts'
import { words, type Language, type Words } from './words.ts'

/** An entry of the trail, in words. */
export interface TrailRow {
  readonly at: number
  readonly actor: string
  readonly who: Doer
  readonly what: string
  readonly about: readonly Named[]
  readonly address: string
  readonly outcome: string
  readonly tone: 'good' | 'bad'
}

/** Who did it. `kind` is set apart from the name: a person may have any name, also that of an account. */
export interface Doer {
  /** Null: a person. */
  readonly kind: string | null
  readonly text: string
}

/** What there may be a page about. */
export interface Named {
  readonly text: string
  /** Null: there is none, or not any more. */
  readonly href: string | null
}

export function trailRow(entry: AuditEntry, people: People, language: Language): TrailRow {
  const { at, actor, address, action, outcome } = entry
  const w = words[language]
  const target = new URLSearchParams(entry.target)
  return {
    at,
    actor,
    who: doerOf(actor, people, w),
    what: whatOf(entry, target, language),
    about: aboutOf(action, target, people),
    address,
    outcome: outcomeOf(outcome, w),
    tone: outcome === 'done' ? 'good' : 'bad',
  }
}

export function doerOf(actor: string, people: People, w: Words): Doer {
  const [, kind, key = ''] = /^(account|token|person)\/(.+)$/s.exec(actor) ?? []
  if (kind === 'person') return { kind: null, text: personNamed(key, people).text }
  if (kind === 'account') return { kind: w.accountMade, text: key }
  if (kind === 'token') return { kind: w.tokenMade, text: key }
  return { kind: actor === 'socket' ? w.trailSocket : w.trailUnknown, text: '' }
}

function personNamed(id: string, people: People): Named {
  const person = people.get(id)
  const href = person ? `/people/${encodeURIComponent(id)}` : null
  return { text: person?.name ?? id, href }
}

function whatOf(entry: AuditEntry, target: URLSearchParams, language: Language): string {
  const { kind, action } = entry
  const w = words[language]
  if (kind !== 'change') return `${kind === 'sign-in' ? w.trailSignIn : w.trailRefusal} (${action})`
  const route = action
    .replace(/^(?:POST )?\//, '')
    .replace(/^(PUT|DELETE) \//, '$1 ')
    .replace(/^((?:PUT |DELETE )?)(?:api|access)\//, '$1')
    .replace(/:(action|decision)$/, (whole, name: string) => target.get(name) ?? whole)
  const known: Readonly<Record<string, string>> = deeds[language]
  return Object.hasOwn(known, route) ? (known[route] ?? action) : action
}

/** What of the target says how it was asked for, and not what was changed. */
const asides = new Set(['action', 'decision', 'as', 'show'])

function aboutOf(action: string, target: URLSearchParams, people: People): Named[] {
  return [...target]
    .filter(([key]) => !asides.has(key))
    .map(([key, value]) => {
      if (key !== 'id') return { text: value, href: null }
      if (action.includes('/people/')) return personNamed(value, people)
      return { text: value, href: action.includes('/plans/') ? `/plans/${value}` : null }
    })
}

function outcomeOf(outcome: string, w: Words): string {
  if (outcome === 'done') return w.trailDone
  if (outcome.startsWith('refused')) return outcome.replace('refused', w.trailRefused)
  const key = `outcome-${outcome}`
  return key in w ? w[key as keyof Words] : outcome // looked up before
}

import type { People } from '../../people/people.ts'
import type { Person } from '../../person/person.ts'
import type { Secrets } from '../../state/secrets.ts'
import type { SetupLink, SetupLinks } from '../../state/setup-links.ts'
import type { Sync } from '../../sync/sync.ts'
import { lookup, type LookupDeps } from '../admin/lookup.ts'
import { click, type Clicked, type ClickDeps } from '../ari/click.ts'
import type { Contact } from '../phonebook/contact.ts'
import type { Phonebook } from '../phonebook/phonebook.ts'
import { Found } from '../phonebook/search/found.ts'
import { needles } from '../phonebook/search/haystack.ts'
import { isPinDictated, type PinDeps } from './pin.ts'
import { ownsExtension, sipAccountOf, type SipAccount, type SipAccountDeps } from './sip-account.ts'

export interface MeDeps extends LookupDeps, ClickDeps, SipAccountDeps, PinDeps {
  readonly syncs: readonly Sync[]
  readonly people: People
  readonly secrets: Secrets
  readonly phonebook: Phonebook
  readonly setupLinks: SetupLinks
}

/** What somebody sees of himself. Nothing in it is secret. */
export interface Self {
  /** Null: he has none, or somebody else has it. */
  readonly extension: string | null
  /** As his colleagues find him; null: they do not. */
  readonly contact: Contact | null
  /** Whether calls that he does not take are recorded for him, under his extension. */
  readonly hasMailbox: boolean
  /** Where he is registered, as Asterisk wrote it. */
  readonly phones: readonly string[]
  readonly mayChangePin: boolean
  readonly mayHaveAccount: boolean
  readonly mayRenewSecret: boolean
  /** Whether an Asterisk is connected that rings him when he wants to call somebody. */
  readonly mayCall: boolean
}

export function selfOf(person: Person, deps: MeDeps): Self {
  const { people, classOf, ari } = deps
  const isOwner = ownsExtension(person, people)
  const mayHaveAccount = sipAccountOf(person, deps) !== null
  return {
    extension: isOwner ? person.extension : null,
    contact: deps.phonebook.contact(viewOf(deps), person.id),
    hasMailbox: isOwner && classOf(person).voicemail,
    phones: lookup(person.id, false, deps).find((found) => found.person === person)?.phones ?? [],
    mayChangePin: !isPinDictated(person, deps),
    mayHaveAccount,
    mayRenewSecret: mayHaveAccount && mayRenew(person, deps),
    mayCall: isOwner && ari.client() !== undefined,
  }
}

/** The first of the colleagues who are found; empty for an empty question. */
export async function colleagues(
  query: string,
  most: number,
  deps: Pick<MeDeps, 'phonebook' | 'me'>,
): Promise<readonly Contact[]> {
  const words = needles(query)
  const book = words.length === 0 ? undefined : await deps.phonebook.snapshot(viewOf(deps))
  if (!book) return []
  const found = new Found(book, words)
  await found.reach(most, deps.phonebook.turn)
  return found.page(0, most)
}

/** Begins to put the company in order before anybody searches it. */
export function warmColleagues(deps: Pick<MeDeps, 'phonebook' | 'me'>): void {
  void deps.phonebook.snapshot(viewOf(deps))
}

/** A link under which his telephone gets his account; null: he has none. */
export async function makeSetupLink(person: Person, deps: MeDeps): Promise<SetupLink | null> {
  if (sipAccountOf(person, deps) === null) return null
  return deps.setupLinks.make(person.id, deps.me.linkMinutes * 60_000)
}

/** Whose account a link is for, if he still has one; it is not used up by looking. */
export async function ownerOf(token: string, deps: MeDeps): Promise<Person | undefined> {
  const id = await deps.setupLinks.find(token)
  const person = id === undefined ? undefined : deps.people.get(id)
  return person && sipAccountOf(person, deps) ? person : undefined
}

/** The account of a link, once. Undefined: the link is good for nothing, or not any more. */
export async function takeAccount(token: string, deps: MeDeps): Promise<SipAccount | undefined> {
  const person = await ownerOf(token, deps)
  if (!person || !(await deps.setupLinks.take(token))) return undefined
  // Meanwhile somebody may have been disabled.
  const now = deps.people.get(person.id)
  return (now && sipAccountOf(now, deps)) ?? undefined
}

/** Another SIP secret; false: that is not for him to decide. */
export async function renewSecret(person: Person, deps: MeDeps): Promise<boolean> {
  if (sipAccountOf(person, deps) === null || !mayRenew(person, deps)) return false
  await deps.secrets.renewSip(person.id)
  return true
}

/** Rings him and then whom he wants. Rejects as `click` does. */
export async function callFor(person: Person, to: string, deps: MeDeps): Promise<Clicked> {
  const { extension } = person
  if (extension === null || !ownsExtension(person, deps.people)) {
    return { problem: 'nobody', text: 'you have no telephone of your own' }
  }
  return click({ from: extension, to }, deps)
}

function mayRenew({ id, source }: Person, { me, secrets, syncs }: MeDeps): boolean {
  const policy = syncs.find(({ name }) => name === source)?.secretPolicy
  return me.renewSecret && policy !== undefined && !secrets.isDictated(id, 'sip', policy)
}

function viewOf({ phonebook, me }: Pick<MeDeps, 'phonebook' | 'me'>): string {
  return me.view ?? phonebook.viewNames[0] ?? ''
}

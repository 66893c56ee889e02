import { MultiMap } from '../../people/multi-map.ts'
import type { People } from '../../people/people.ts'
import type { Person } from '../../person/person.ts'

/**
 * Who is meant by what somebody typed as his name: `user`, alias or extension, mail address,
 * `user@domain`, `DOMAIN\user` or `user/domain`. Purely a look-up in memory: no part of what was
 * typed ever reaches a directory.
 */
export class LoginNames implements Disposable {
  readonly #people: People
  /** Domain -> the sources that are its. */
  readonly #sources: ReadonlyMap<string, ReadonlySet<string>>
  readonly #accounts = new MultiMap<string, Person>()
  readonly #mails = new MultiMap<string, Person>()
  readonly #held = new Map<string, Person>()
  /** Ids of people who are new, different or gone. */
  #waiting: string[] = []
  #next: NodeJS.Immediate | null = null
  readonly #stop: () => void

  /** `domains`: source -> its domains, in small letters. */
  constructor(people: People, domains: ReadonlyMap<string, readonly string[]>) {
    this.#people = people
    const sources = new Map<string, Set<string>>()
    for (const [source, names] of domains) {
      for (const name of names) sources.set(name, (sources.get(name) ?? new Set()).add(source))
    }
    this.#sources = sources
    for (const { person } of people.members()) this.#waiting.push(person.id)
    this.#stop = people.onChange(({ put, removed }) => {
      for (const { person } of removed) this.#waiting.push(person.id)
      for (const { after } of put) this.#waiting.push(after.person.id)
      this.#readSome()
    })
    this.#readSome()
  }

  /** Undefined: nobody, or more than one. */
  find(typed: string): Person | undefined {
    const text = loginText(typed)
    if (text === null) return undefined
    const [, before, user] = /^([^\\]+)\\([^\\]+)$/.exec(text) ?? []
    if (before !== undefined && user !== undefined) return this.#inDomain(user, before)
    const [, local, after] = /^([^/]+)\/([^/]+)$/.exec(text) ?? []
    if (local !== undefined && after !== undefined) return this.#inDomain(local, after)
    const at = text.lastIndexOf('@')
    const accounts = () => this.#accounts.get(text)
    const mails = () => this.#mails.get(text)
    if (at < 1) {
      return firstClear([() => this.#people.byUser(text), this.#claimed(text), accounts, mails])
    }
    const named = () => {
      const found = this.#inDomain(text.slice(0, at), text.slice(at + 1))
      return found ? [found] : []
    }
    const exactly = () => this.#people.byUser(text)
    return firstClear([exactly, accounts, named, this.#claimed(text), mails])
  }

  [Symbol.dispose](): void {
    this.#stop()
    if (this.#next) clearImmediate(this.#next)
  }

  /** A few at once; after the import of everybody the rest comes when answers have had their turn. */
  readonly #readSome = (): void => {
    if (this.#next) clearImmediate(this.#next)
    for (const id of this.#waiting.splice(-atOnce)) {
      this.#remove(id)
      const person = this.#people.get(id)
      if (person) this.#add(person)
    }
    this.#next = this.#waiting.length === 0 ? null : setImmediate(this.#readSome)
  }

  #inDomain(user: string, domain: string): Person | undefined {
    const sources = this.#sources.get(domain)
    if (!sources) return undefined
    const among = (found: readonly Person[]) => found.filter(({ source }) => sources.has(source))
    return firstClear([
      () => among(this.#people.byUser(user)),
      () => among(this.#claimed(user)()),
      () => among(this.#accounts.get(user)),
    ])
  }

  /** The owner of an extension or alias; who only wishes for it is not meant. */
  #claimed(text: string): () => readonly Person[] {
    return () => this.#people.claimants(text).slice(0, 1)
  }

  #add(person: Person): void {
    this.#held.set(person.id, person)
    for (const name of accountNames(person)) this.#accounts.add(name, person)
    for (const mail of mailAddresses(person)) this.#mails.add(mail, person)
  }

  #remove(id: string): void {
    const person = this.#held.get(id)
    if (!person) return
    this.#held.delete(id)
    for (const name of accountNames(person)) this.#accounts.remove(name, person)
    for (const mail of mailAddresses(person)) this.#mails.remove(mail, person)
  }
}

/** About two milliseconds of work. */
const atOnce = 500

const plain = /^[!-~]{1,256}$/

/** As names are compared; null: no name at all. */
export function loginText(typed: string): string | null {
  // Nearly all are plain, and there are several of each of a hundred thousand people.
  if (plain.test(typed)) return typed.toLowerCase()
  const text = typed.normalize('NFC').trim().toLowerCase()
  return text === '' || text.length > 256 || /\p{Cc}/u.test(text) ? null : text
}

/** The first way by which exactly one is found; whoever left does not count beside a newcomer. */
function firstClear(ways: readonly (() => readonly Person[])[]): Person | undefined {
  for (const way of ways) {
    const found = [...new Set(way())]
    if (found.length === 0) continue
    const active = found.filter(({ disabled }) => disabled === null)
    if (found.length === 1) return found[0]
    return active.length === 1 ? active[0] : undefined
  }
  return undefined
}

/** The user name itself is found without: here it would only be once more. */
function accountNames({ user, details }: Person): string[] {
  const { loginName, imId } = details
  const names: string[] = []
  for (const name of [loginName, imId]) {
    if (name !== undefined && name !== user) addText(names, name)
  }
  return names
}

function mailAddresses({ email, details }: Person): string[] {
  const addresses: string[] = []
  if (email !== null) addText(addresses, email)
  const { emailAliases } = details
  if (emailAliases !== undefined) {
    for (const alias of emailAliases.split(';')) addText(addresses, alias)
  }
  return addresses
}

function addText(texts: string[], value: string): void {
  const text = loginText(value)
  if (text !== null && !texts.includes(text)) texts.push(text)
}

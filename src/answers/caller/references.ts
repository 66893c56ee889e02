import type { People } from '../../people/people.ts'
import type { Person } from '../../person/person.ts'

/**
 * Whom an entry means that names another: `manager: uid=ada,ou=people,…`. Directories write a DN;
 * some companies an extension, a login name or a mail address. Only people with an extension are
 * remembered by their DN: nobody else could be rung.
 */
export class References {
  readonly #people: People
  readonly #ids = new Map<string, string>()

  constructor(people: People) {
    this.#people = people
    for (const { person } of people.members()) this.#add(person)
    people.onChange(({ put, removed }) => {
      for (const { person } of removed) this.#remove(person)
      for (const { before } of put) if (before) this.#remove(before.person)
      for (const { after } of put) this.#add(after.person)
    })
  }

  find(text: string | undefined): Person | undefined {
    if (text === undefined) return undefined
    const id = this.#ids.get(plainDn(text))
    if (id !== undefined) return this.#people.get(id)
    const [user, ...others] = this.#people.byUser(text)
    if (user && others.length === 0) return user
    return this.#people.byInternalId(text)
  }

  #add({ id, dn, extension }: Person): void {
    if (extension !== null) this.#ids.set(plainDn(dn), id)
  }

  #remove({ id, dn }: Person): void {
    const key = plainDn(dn)
    if (this.#ids.get(key) === id) this.#ids.delete(key)
  }
}

/** Two spellings of one DN differ in case and in spaces around commas (RFC 4514). */
function plainDn(dn: string): string {
  return dn.toLowerCase().replaceAll(/\s*([,=])\s*/g, '$1')
}

import type { Person } from '../../src/person/person.ts'

/** Somebody with the given extension and whatever else a test is about. */
export function makePerson(extension: string | null, about: Partial<Person> = {}): Person {
  const id = about.id ?? `test/${extension ?? 'nobody'}`
  return {
    id,
    source: id.slice(0, id.indexOf('/')),
    dn: `uid=${extension ?? 'nobody'},ou=people,dc=example`,
    user: null,
    extension,
    aliases: [],
    dids: [],
    name: `Person ${extension}`,
    firstName: null,
    lastName: null,
    email: null,
    numbers: [],
    groups: [],
    callerId: null,
    callGroups: [],
    pickupGroups: [],
    disabled: null,
    hidden: false,
    details: {},
    ...about,
  }
}

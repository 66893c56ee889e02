import type { People } from '../../people/people.ts'
import { isMember } from '../../person/membership.ts'
import type { Person } from '../../person/person.ts'
import { roles, type Accounts, type Role } from '../../state/accounts.ts'

/** Who is signed in, and what he may do: as it is now, not as it was when he came. */
export type Subject =
  | { readonly kind: 'account'; readonly id: string; readonly name: string; readonly role: Role }
  | {
      readonly kind: 'person'
      readonly id: string
      readonly name: string
      readonly role: Role
      readonly person: Person
    }

export interface SubjectDeps {
  readonly people: People
  readonly accounts: Accounts
  readonly roleOf: RoleOf
}

export type RoleOf = (person: Person) => Role

/** Roles by groups of the directory. */
export function compileRoles(groups: Readonly<Partial<Record<Role, readonly string[]>>>): RoleOf {
  const isIn = (role: Role, person: Person) =>
    (groups[role] ?? []).some((group) => isMember(person, group))
  return (person) => roles.find((role) => isIn(role, person)) ?? 'person'
}

export function accountSubject(name: string, role: Role): Subject {
  return { kind: 'account', id: `account/${name}`, name, role }
}

export function personSubject(person: Person, roleOf: RoleOf): Subject {
  const { id, name } = person
  return { kind: 'person', id: `person/${id}`, name, role: roleOf(person), person }
}

/** Undefined: there is nobody of that id any more, or he is disabled. */
export function findSubject(id: string, deps: SubjectDeps): Subject | undefined {
  const [, kind, key = ''] = /^(account|person)\/(.+)$/s.exec(id) ?? []
  if (kind === 'account') {
    const role = deps.accounts.roleOf(key)
    return role && accountSubject(key, role)
  }
  const person = deps.people.get(key)
  return person?.disabled === null ? personSubject(person, deps.roleOf) : undefined
}

/** Whether a role may do what is granted to another one. */
export function isAtLeast(role: Role, wanted: Role): boolean {
  return roles.indexOf(role) <= roles.indexOf(wanted)
}

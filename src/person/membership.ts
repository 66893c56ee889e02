import type { Person } from './person.ts'

/** By the group's DN, or by its name alone: `CN=Sales,OU=Groups,…` is meant by `Sales`. */
export function isMember(person: Person, group: string): boolean {
  const wanted = group.toLowerCase()
  return person.groups.some((each) => {
    const own = each.toLowerCase()
    return own === wanted || /^[a-z]+=((?:[^,\\]|\\.)*)/.exec(own)?.[1] === wanted
  })
}

/** Whether the person's entry stands below this DN. */
export function isUnder(person: Person, dn: string): boolean {
  return person.dn.toLowerCase().endsWith(`,${dn.toLowerCase()}`)
}

import type { Person } from '../../person/person.ts'

/**
 * Whether somebody is in a group of the directory, named by its DN or by its name alone: `Sales`
 * is also `CN=Sales,OU=Groups,…`. Without regard to case.
 */
export function inGroup(group: string): (person: Person) => boolean {
  const wanted = group.toLowerCase()
  return ({ groups }) => groups.some((own) => isGroup(own.toLowerCase(), wanted))
}

function isGroup(own: string, wanted: string): boolean {
  return own === wanted || /^[a-z]+=((?:[^,\\]|\\.)*)/.exec(own)?.[1] === wanted
}

import type { RawEntry } from '../../entry.ts'
import { parseFilter } from '../../filter.ts'
import { textsOf } from './server-facts.ts'

const classes = ['group', 'groupOfNames', 'groupOfUniqueNames', 'groupOfURLs', 'posixGroup']

/**
 * A new member changes the group's entry. The member's own entry may stay as it is although its
 * memberOf is another one now (Active Directory, OpenLDAP's memberof overlay).
 */
export const groupFilter = parseFilter(
  `(|${classes.map((name) => `(objectClass=${name})`).join('')})`,
)

const lowerCase = new Set(classes.map((name) => name.toLowerCase()))

/** For an entry that was asked for its objectClass. */
export function isGroup(entry: RawEntry): boolean {
  return textsOf(entry, 'objectClass').some((name) => lowerCase.has(name.toLowerCase()))
}

/** Somebody who fills a group one by one must not cause a full read for each. */
const readAgainEveryMs = 2000

/** Changed groups, told now at first and then not more often than every two seconds. */
export class ChangedGroups {
  readonly #now: () => number
  #isChanged = false
  #toldAt = -Infinity

  constructor(now: () => number) {
    this.#now = now
  }

  note(): void {
    this.#isChanged = true
  }

  /** How long until a change is to be told; null when there is none. */
  get dueInMs(): number | null {
    if (!this.#isChanged) return null
    return Math.max(0, this.#toldAt + readAgainEveryMs - this.#now())
  }

  /** True when a change is to be told now; it counts as told then. */
  takeDue(): boolean {
    if (this.dueInMs !== 0) return false
    this.told()
    return true
  }

  /** A full read begins for whatever reason: it sees the groups too. */
  told(): void {
    this.#isChanged = false
    this.#toldAt = this.#now()
  }
}

import type { Link } from './follower.ts'

/** More changed objects than that between two looks are the business of a full read. */
export const mostChanged = 1000

/**
 * How a domain controller is asked for what has changed since a mark. A mark says how far it was
 * asked so far, and means something to this very domain controller only.
 */
export interface ChangeList<Mark> {
  /** Where it stands now; `usn` is the newest change that it counts. Throws `MethodRefused`. */
  markNow(link: Link, usn: bigint): Promise<Mark>
  /**
   * Everything after the mark, at least up to `usn`. May stop early when there is more than
   * `mostChanged`. Throws `PositionLost` for a mark that is not taken.
   */
  since(mark: Mark, link: Link, usn: bigint): Promise<ChangedObjects<Mark>>
}

export interface ChangedObjects<Mark> {
  /** Ids of objects that are new or different; whether they are people is not known. */
  readonly changed: ReadonlySet<string>
  /** Ids of objects that are said to be deleted. */
  readonly deleted: readonly string[]
  /** A group changed in a way that touches people who are not named here. */
  readonly isGroupChanged: boolean
  /** The mark to go on from, once all of that was told. */
  readonly mark: Mark
}

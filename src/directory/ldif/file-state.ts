import type { BigIntStats } from 'node:fs'

/** What tells one state of a file from another. */
export interface FileState {
  readonly inode: bigint
  readonly size: bigint
  readonly modifiedNs: bigint
}

export function fileState({ ino, size, mtimeNs }: BigIntStats): FileState {
  return { inode: ino, size, modifiedNs: mtimeNs }
}

/** Null is a file that is not there. */
export function isSameState(left: FileState | null, right: FileState | null): boolean {
  return (
    left?.inode === right?.inode &&
    left?.size === right?.size &&
    left?.modifiedNs === right?.modifiedNs
  )
}

import { type Disturbance, readMessage } from '../../rig/wire.ts'
import type { Office } from './office.ts'

/** Reads while the wire is disturbed, which must not go well. */
export async function disturbedRead(office: Office, disturbance: Disturbance): Promise<void> {
  office.wire.disturb(disturbance)
  const run = await office.read()
  office.wire.disturb(null)
  if (run.outcome !== 'failed') throw new Error(`the read is ${run.outcome} although disturbed`)
}

/** The nth message of a kind in a read is the last that comes through; then the server dies. */
export async function killedAt(office: Office, operation: number, nth: number): Promise<void> {
  let seen = 0
  await disturbedRead(office, {
    back: async (bytes) => {
      if (seen >= nth) return false
      if (readMessage(bytes).operation !== operation || ++seen < nth) return true
      await office.directory.kill()
      return true
    },
  })
}

/** The same for a wire that carries TLS: after so many bytes of a read. */
export async function killedAfter(office: Office, bytes: number): Promise<void> {
  let left = bytes
  await disturbedRead(office, {
    back: async (piece) => {
      if (left <= 0) return false
      left -= piece.length
      if (left <= 0) await office.directory.kill()
      return true
    },
  })
}

import { operations, readMessage, type Disturbance } from '../../rig/wire.ts'
import type { Office } from './office.ts'
import type { Fault } from './survive.ts'

const { searchEntry, searchDone, extendedResponse } = operations

/** What a broken or silent connection to a healthy server does. */
export const connectionFaults: readonly Fault[] = [
  {
    name: 'killed in mid-page',
    named: /not complete: .*(connection broke|closed the connection)/,
    strike: (office) => strikeAt(office, searchEntry, 150, killServer),
    mend: (office) => office.slapd.start(),
  },
  {
    name: 'killed between pages',
    named: /not complete: .*(connection broke|closed the connection)/,
    strike: (office) => strikeAt(office, searchDone, 1, killServer),
    mend: (office) => office.slapd.start(),
  },
  {
    name: 'silent after connect',
    named: /no answer for 700 ms/,
    strike: (office) => disturbedRead(office, { forth: () => false }),
  },
  {
    name: 'silent in TLS',
    named: /tls: no answer for \d+ ms/,
    office: { tls: 'ldaps' },
    strike: (office) => disturbedRead(office, { back: () => false }),
  },
  {
    name: 'silent in StartTLS',
    named: /tls: no answer for \d+ ms/,
    office: { tls: 'starttls' },
    strike: (office) => {
      return disturbedRead(office, { back: (bytes) => isLdap(bytes) && isExtended(bytes) })
    },
  },
  {
    name: 'silent in mid-search',
    named: /not complete: .*no answer for 700 ms/,
    strike: async (office) => {
      let entries = 0
      const back = (bytes: Buffer) => {
        return readMessage(bytes).operation !== searchEntry || ++entries < 150
      }
      await disturbedRead(office, { back: (bytes) => entries < 150 && back(bytes) })
    },
  },
  {
    name: 'connection cut without FIN',
    named: /connection for changes is made again.*no answer for 700 ms/,
    strike: async (office) => {
      office.wire.forgetConnections()
      // Nothing is read meanwhile: only the connection that is followed can find out by itself.
      await office.untilSaid(/connection for changes is made again/)
    },
  },
]

/** The nth message of a kind in a read is the last that comes through; then it happens. */
async function strikeAt(
  office: Office,
  operation: number,
  nth: number,
  happen: (office: Office) => Promise<void>,
): Promise<void> {
  let seen = 0
  await disturbedRead(office, {
    back: async (bytes) => {
      if (seen >= nth) return false
      if (readMessage(bytes).operation !== operation || ++seen < nth) return true
      await happen(office)
      return true
    },
  })
}

async function killServer(office: Office): Promise<void> {
  await office.slapd.kill()
}

/** Reads while the wire is disturbed. */
async function disturbedRead(office: Office, disturbance: Disturbance): Promise<void> {
  office.wire.disturb(disturbance)
  const run = await office.read()
  office.wire.disturb(null)
  if (run.outcome !== 'failed') throw new Error(`the read is ${run.outcome} although disturbed`)
}

function isLdap(bytes: Buffer): boolean {
  return bytes[0] === 0x30
}

function isExtended(bytes: Buffer): boolean {
  return readMessage(bytes).operation === extendedResponse
}

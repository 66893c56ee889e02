import { operations, readMessage } from '../../rig/wire.ts'
import type { SlapdFault } from './slapd-office.ts'
import { disturbedRead, killedAt } from './disturbed-read.ts'

const { searchEntry, searchDone, extendedResponse } = operations

/** What a broken or silent connection to a healthy server does. */
export const connectionFaults: readonly SlapdFault[] = [
  {
    name: 'killed in mid-page',
    named: /not complete: .*(connection broke|closed the connection)/,
    strike: (office) => killedAt(office, searchEntry, 150),
    mend: (office) => office.slapd.start(),
  },
  {
    name: 'killed between pages',
    named: /not complete: .*(connection broke|closed the connection)/,
    strike: (office) => killedAt(office, searchDone, 1),
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

function isLdap(bytes: Buffer): boolean {
  return bytes[0] === 0x30
}

function isExtended(bytes: Buffer): boolean {
  return readMessage(bytes).operation === extendedResponse
}

import { answerFaults } from './answer-faults.ts'
import { connectionFaults } from './connection-faults.ts'
import { machineFaults } from './machine-faults.ts'
import type { SlapdFault } from './slapd-office.ts'

/** Everything that a directory, a network or a machine does to us, and that we survive. */
export const faults: readonly SlapdFault[] = [
  ...connectionFaults,
  ...answerFaults,
  ...machineFaults,
]

/**
 * `node bench/scale-model.ts`: prints the table of docs/scale.md, and holds the model against what
 * was measured: what the smaller measurement predicts of the larger one must be there, within a fifth
 * for bytes, and half of it or twice as much for what depends on time. Ends with 1 when it is not.
 */
import { points } from './scale-points.ts'

/** What was measured on one machine, a unit of each; `bench/scale.ts` measures it. */
export interface Measured {
  /** Memory of a node: of a person with his secrets, of a phone's registration. */
  readonly personBytes: number
  readonly contactBytes: number
  /** Room in PostgreSQL, with the indexes. */
  readonly personRowBytes: number
  readonly contactRowBytes: number
  /** Reading a person out of the state at a node's start. */
  readonly loadMicroseconds: number
  /** Registrations that one node, or two at once, have kept per second. */
  readonly writesPerSecond: number
  readonly writesOfTwoPerSecond: number
  /** Registrations of others that a node has followed per second. */
  readonly followedPerSecond: number
  /** Written to PostgreSQL's log for a registration: what a standby receives. */
  readonly walBytes: number
}

/** An installation to be. */
export interface Installation {
  readonly people: number
  readonly nodes: number
  /** Registered phones of a person. */
  readonly phones: number
  /** Seconds between two REGISTERs of one phone. */
  readonly registerSeconds: number
  /** Questions of Asterisk for a REGISTER. */
  readonly questions: number
}

/** What it would need. */
export interface Needs {
  readonly registersPerSecond: number
  /** Share of what PostgreSQL has kept per second at most, all nodes together. */
  readonly writeLoad: number
  /** Share of what a node can follow. */
  readonly followLoad: number
  readonly lookUpsPerNode: number
  readonly nodeGigabytes: number
  readonly stateGigabytes: number
  readonly walMegabytesPerSecond: number
  readonly startSeconds: number
}

/**
 * Everything is proportional to people, phones and time: the index is maps, its changes cost what
 * changed. What several nodes write is one commit after the other, so nodes add no writes.
 */
export function predict(measured: Measured, installation: Installation): Needs {
  const { people, nodes, phones, registerSeconds, questions } = installation
  const contacts = people * phones
  const registersPerSecond = contacts / registerSeconds
  const gigabyte = 1e9
  return {
    registersPerSecond,
    writeLoad: registersPerSecond / measured.writesOfTwoPerSecond,
    // A node writes its own share, and follows everybody else's.
    followLoad: (registersPerSecond * (1 - 1 / nodes)) / measured.followedPerSecond,
    lookUpsPerNode: (registersPerSecond * questions) / nodes,
    nodeGigabytes: (people * measured.personBytes + contacts * measured.contactBytes) / gigabyte,
    stateGigabytes:
      (people * measured.personRowBytes + contacts * measured.contactRowBytes) / gigabyte,
    walMegabytesPerSecond: (registersPerSecond * measured.walBytes) / 1e6,
    startSeconds: (people * measured.loadMicroseconds) / 1e6,
  }
}

/** Two nodes, and what phones of today do. */
export const usual = { nodes: 2, phones: 1.2, registerSeconds: 300, questions: 4 }

const sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]

const allowed: Readonly<Record<keyof Needs, number>> = {
  registersPerSecond: 1.01,
  lookUpsPerNode: 1.01,
  nodeGigabytes: 1.2,
  stateGigabytes: 1.2,
  walMegabytesPerSecond: 1.2,
  writeLoad: 2,
  followLoad: 2,
  startSeconds: 2,
}

/** What is off by more than it may be, a line each. */
export function checkModel(): readonly string[] {
  const [small, large] = points
  if (!small || !large) return ['two measurements are needed']
  const installation: Installation = { ...usual, people: large.people }
  const predicted = predict(small.measured, installation)
  const found = predict(large.measured, installation)
  return Object.entries(allowed).flatMap(([name, most]) => {
    const need = name as keyof Needs // the keys of `allowed`
    const ratio = found[need] / predicted[need]
    const isClose = ratio <= most && ratio >= 1 / most
    return isClose ? [] : [`${name}: ${found[need]} instead of ${predicted[need]}`]
  })
}

/** Of all measurements the one that is worse for whoever plans. */
export function worst(): Measured {
  const of = (name: keyof Measured) => points.map(({ measured }) => measured[name])
  return {
    personBytes: Math.max(...of('personBytes')),
    contactBytes: Math.max(...of('contactBytes')),
    personRowBytes: Math.max(...of('personRowBytes')),
    contactRowBytes: Math.max(...of('contactRowBytes')),
    loadMicroseconds: Math.max(...of('loadMicroseconds')),
    writesPerSecond: Math.min(...of('writesPerSecond')),
    writesOfTwoPerSecond: Math.min(...of('writesOfTwoPerSecond')),
    followedPerSecond: Math.min(...of('followedPerSecond')),
    walBytes: Math.max(...of('walBytes')),
  }
}

/** The rows of the table in docs/scale.md, cells trimmed. */
export function tableRows(measured: Measured): readonly (readonly string[])[] {
  return sizes.map((people) => {
    const needs = predict(measured, { ...usual, people })
    return [
      people.toLocaleString('en'),
      plain(needs.registersPerSecond),
      `${plain(needs.writeLoad * 100)} %`,
      `${plain(needs.followLoad * 100)} %`,
      plain(needs.lookUpsPerNode),
      `${plain(needs.nodeGigabytes * 1000)} MB`,
      `${plain(needs.stateGigabytes * 1000)} MB`,
      `${plain(needs.walMegabytesPerSecond * 1000)} kB/s`,
      needs.startSeconds < 120
        ? `${plain(needs.startSeconds)} s`
        : `${plain(needs.startSeconds / 60)} min`,
    ]
  })
}

/** Two figures: more of them nobody measured. */
function plain(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en')
}

if (import.meta.main) {
  const problems = checkModel()
  for (const row of tableRows(worst())) process.stdout.write(`| ${row.join(' | ')} |\n`)
  for (const problem of problems) process.stderr.write(`the model is off: ${problem}\n`)
  process.exitCode = problems.length === 0 ? 0 : 1
}

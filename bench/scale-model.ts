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

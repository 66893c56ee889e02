/** One thing that is wrong with the configuration. All of them are collected and printed together. */
export interface Complaint {
  /** Where in the file, e.g. `sources.office.servers[0]`. */
  readonly path: string
  /** What is wrong and what was expected. */
  readonly problem: string
  /** A value that would be accepted. */
  readonly example?: string
}

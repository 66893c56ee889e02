import { openSource, type DirectoryOptions } from '../../src/directory/sources.ts'
import type {
  CheckStep,
  DirectorySource,
  Entry,
  EntryProblem,
  EntryRequest,
  SourceLog,
} from '../../src/directory/source.ts'

/** What an OpenLDAP preset would ask for. */
export const peopleRequest: EntryRequest = {
  filter: '(objectClass=inetOrgPerson)',
  attributes: ['uid', 'cn', 'sn', 'telephoneNumber', 'mobile', 'mail', 'departmentNumber'],
  id: { attribute: 'entryUUID', form: 'text' },
}

/** The words of the warnings that were logged. */
export interface RecordedLog extends SourceLog {
  readonly warnings: object[]
}

export function recordedLog(): RecordedLog {
  const warnings: object[] = []
  const nothing = () => {}
  return {
    warnings,
    debug: nothing,
    info: nothing,
    warn: (about) => warnings.push(about),
    error: nothing,
  }
}

export function openPeople(
  options: DirectoryOptions,
  request: Partial<EntryRequest> = {},
  log: SourceLog = recordedLog(),
): DirectorySource {
  return openSource('office', options, { ...peopleRequest, ...request }, log)
}

export interface WholeRead {
  readonly entries: readonly Entry[]
  readonly problems: readonly EntryProblem[]
  readonly batchSizes: readonly number[]
}

/** Everything that a read hands out, once it has ended without throwing. */
export async function readAll(
  source: DirectorySource,
  signal = new AbortController().signal,
): Promise<WholeRead> {
  const entries: Entry[] = []
  const problems: EntryProblem[] = []
  const batchSizes: number[] = []
  for await (const batch of source.read(signal)) {
    entries.push(...batch.entries)
    problems.push(...batch.problems)
    batchSizes.push(batch.entries.length)
  }
  return { entries, problems, batchSizes }
}

export async function checkAll(source: DirectorySource): Promise<CheckStep[]> {
  const steps: CheckStep[] = []
  for await (const step of source.check(new AbortController().signal)) steps.push(step)
  return steps
}

import type { PhoneTokens } from '../../state/phone-tokens.ts'
import type { WrittenRows } from '../../state/written-rows.ts'
import { vendors } from '../phonebook/vendors.ts'
import { makerOf } from './makers.ts'

export interface PhoneMetricsDeps {
  readonly phones: Pick<PhoneTokens, 'list'>
  readonly contacts: Pick<WrittenRows, 'values'>
  readonly registrations: Pick<WrittenRows, 'values'>
  readonly now: () => number
}

/** A number for each of few labels. */
export type Counts = ReadonlyMap<string, number>

/** Phones that may read the phone book, by the maker that they were let in as. */
export function allowedPhones({ phones }: PhoneMetricsDeps): Counts {
  return tally(phones.list().map(({ vendor }) => known(vendor)))
}

/** Seconds since any phone of a maker read the phone book; a maker whose phones never did is absent. */
export function lastPhoneUse({ phones, now }: PhoneMetricsDeps): Counts {
  const latest = new Map<string, number>()
  for (const { vendor, lastUse } of phones.list()) {
    if (lastUse === null) continue
    const name = known(vendor)
    latest.set(name, Math.max(latest.get(name) ?? 0, lastUse.at))
  }
  return new Map(Array.from(latest, ([name, at]) => [name, (now() - at) / 1000]))
}

/** Registered telephones, by what they call themselves. */
export function registeredPhones({ contacts, registrations }: PhoneMetricsDeps): Counts {
  const agents = [
    ...Array.from(contacts.values(), (row) => row['user_agent'] ?? ''),
    ...Array.from(registrations.values(), (row) => (row['fullcontact'] ? row['useragent'] : null)),
  ]
  return tally(agents.filter((agent) => agent != null).map(makerOf))
}

const names: ReadonlySet<string> = new Set(vendors.map(({ name }) => name))

/** A token may be of a maker that this program does not know any more. */
function known(vendor: string): string {
  return names.has(vendor) ? vendor : 'other'
}

function tally(labels: readonly string[]): Counts {
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}

import type { Entry } from '../../src/directory/source.ts'
import { compileMapping } from '../../src/mapping/compile-mapping.ts'
import type { Mapped } from '../../src/mapping/mapping.ts'
import type { MapOptions, MappingOptions } from '../../src/mapping/options.ts'
import type { Person } from '../../src/person/person.ts'
import { compileSite } from '../../src/person/site.ts'

export const site = compileSite({
  country: 'DE',
  areaCode: '30',
  extensionLength: [3, 4],
  outsidePrefix: '0',
  dids: ['+493023125xxx -> xxx', '+4930231250 -> 500', '+49302312599'],
})

/** 22 November 2026, noon in London. */
export const now = Date.UTC(2026, 10, 22, 12)

/** An entry as a source hands it out: names in lower case, values always lists. */
export function entryOf(attributes: Readonly<Record<string, string | readonly string[]>>): Entry {
  return {
    id: '9c1f0f2e-8f0f-4f5e-a7a5-000000000001',
    dn: 'uid=ada,ou=Research,ou=Berlin,dc=example,dc=org',
    attributes: new Map(
      Object.entries(attributes).map(([name, value]) => [
        name.toLowerCase(),
        typeof value === 'string' ? [value] : value,
      ]),
    ),
  }
}

export function mapped(
  options: MappingOptions,
  attributes: Readonly<Record<string, string | readonly string[]>>,
): Mapped {
  return compileMapping({ source: 'office', options, site }).map(entryOf(attributes), now)
}

/** The person that an inetOrgPerson becomes with these rules. */
export function personOf(
  map: MapOptions,
  attributes: Readonly<Record<string, string | readonly string[]>>,
): Person {
  const { person, problems } = mapped({ preset: 'openldap', map }, { cn: 'Ada', ...attributes })
  if (person === null) throw new Error(problems.map((one) => one.text).join('; '))
  return person
}

import { isMember, isUnder } from '../../person/membership.ts'
import type { Person } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import type { ContactRules } from './contact.ts'
import type { Language } from './labels.ts'
import { compileNetworks } from '../../networks.ts'
import type { ViewOptions } from './options.ts'

/** An audience of the phone book, compiled. */
export interface View {
  readonly name: string
  readonly language: Language
  readonly rules: ContactRules
  /** The order in which contacts are shown. */
  readonly compare: (a: string, b: string) => number
  /** Whether the person is to be seen at all: not who is disabled, or hidden in the directory. */
  readonly shows: (person: Person) => boolean
  /** Whether a phone at this address needs no token. */
  readonly isOpenTo: (address: string) => boolean
}

export function compileView(name: string, options: ViewOptions, site: Site): View {
  const { sources, groups, under, departments, language = 'en' } = options
  const wantedDepartments = departments?.map((each) => each.toLowerCase())
  const collator = new Intl.Collator(language, { sensitivity: 'base', numeric: true })
  return {
    name,
    language,
    rules: {
      site,
      numbers: new Set(
        options.numbers ?? ['extension', 'work', 'mobile', 'home', 'assistant', 'other'],
      ),
      fields: new Set(options.fields ?? ['department', 'company', 'title', 'location']),
      nameOrder: options.nameOrder ?? 'last-first',
    },
    compare: collator.compare,
    shows: (person) =>
      person.disabled === null &&
      !person.hidden &&
      (sources === undefined || sources.includes(person.source)) &&
      (groups === undefined || groups.some((group) => isMember(person, group))) &&
      (under === undefined || under.some((dn) => isUnder(person, dn))) &&
      (wantedDepartments === undefined ||
        wantedDepartments.includes(person.details.department?.toLowerCase() ?? '')),
    isOpenTo: compileNetworks(options.openTo ?? []),
  }
}

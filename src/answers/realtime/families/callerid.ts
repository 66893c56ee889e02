import type { Person } from '../../../person/person.ts'
import type { Site } from '../../../person/site.ts'
import { parseTrunkNumber } from '../../../person/trunk-numbers.ts'
import { languageText, wordText } from '../asterisk-text.ts'
import type { Family } from '../family.ts'
import { Row } from '../row.ts'
import type { AnsweredFrom } from './answered-from.ts'

/**
 * Not a table that Asterisk knows: for `${REALTIME_FIELD(callerid,number,${CALLERID(num)},name)}` in
 * a dialplan of one's own. Any number that a person has, in any spelling; what comes back is free
 * of commas and of everything that a dialplan evaluates.
 */
export function callerid(from: AnsweredFrom, site: Site): Family & { readonly name: 'callerid' } {
  const { people } = from

  function find(number: string): Person | undefined {
    const inside = people.byInternalId(number)
    if (inside) return inside
    const e164 = parseTrunkNumber(number, site)
    if (e164 === null) return undefined
    const [owner] = people.byDid(e164)
    if (owner) return owner
    // A number of many, such as the company's own, says nothing about who calls.
    const known = people.byNumber(e164).filter(({ disabled }) => disabled === null)
    return known.length === 1 ? known[0] : undefined
  }

  return {
    name: 'callerid',
    columns,
    exact: {
      number: (number) => {
        const person = find(number)
        return person ? [new Row(fieldsOf(number, person, from))] : []
      },
    },
    all: () => [],
  }
}

function fieldsOf(number: string, person: Person, { classOf }: Pick<AnsweredFrom, 'classOf'>) {
  const { details } = person
  return [
    ['number', number],
    ['name', wordText(person.name)],
    ['firstname', wordText(person.firstName ?? '')],
    ['lastname', wordText(person.lastName ?? '')],
    ['extension', person.extension ?? ''],
    ['email', wordText(person.email ?? '')],
    ['title', wordText(details.title ?? '')],
    ['department', wordText(details.department ?? '')],
    ['company', wordText(details.company ?? '')],
    ['language', languageText(details.language)],
    ['class', wordText(classOf(person).name)],
  ] as const
}

const columns = new Set([
  'number',
  'name',
  'firstname',
  'lastname',
  'extension',
  'email',
  'title',
  'department',
  'company',
  'language',
  'class',
])

import { compileNumberRules, rewriteNumber } from '../../person/number-rules.ts'
import { dialNumber } from '../../person/numbers.ts'
import type { Person } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import type { CallClass } from './class-options.ts'
import { dialplanText } from './dialplan-text.ts'
import { latinName } from './latin.ts'
import type { Match } from './match.ts'

/** The name that a telephone of this class shows for a caller; null when nothing is known of him. */
export function shownName(match: Match, own: CallClass, site: Site): string | null {
  const { person, organisation } = match
  const text = person === null ? organisation : fillTemplate(own.callerName, match, person)
  if (text === null) return null
  const name = dialplanText(text) || dialplanText(person?.name ?? '')
  if (!own.latinOnly) return name || null
  return dialplanText(latinName(name, site.country)) || null
}

/** The number that such a telephone shows; null: as it was sent. */
export function shownNumber(match: Match, own: CallClass, site: Site): string | null {
  const { e164, person, how } = match
  if (how === 'withheld') return null
  const plain = plainNumber(match.sent)
  const number =
    how === 'extension'
      ? (person?.extension ?? plain)
      : { 'as-sent': plain, e164: e164 ?? plain, dialable: e164 ? dialNumber(e164, site) : plain }[
          own.callerNumber
        ]
  const shown = rewriteNumber(number, compileNumberRules(own.callerRules))
  return shown === match.sent || !/^\+?[\d*#]{1,40}$/.test(shown) ? null : shown
}

function plainNumber(sent: string): string {
  return /^\+?[\d*#]{1,40}$/.test(sent) ? sent : ''
}

/** `{name}[ ({organisation})]`: what stands in [ ] goes when its field is empty. */
function fillTemplate(template: string, match: Match, person: Person): string {
  const fieldOf = (name: string): string =>
    (Object.hasOwn(fields, name) && fields[name]?.(person, match)) || ''
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) => fieldOf(name))
  const whole = template.replaceAll(/\[([^[\]]*)\]/g, (_, part: string) =>
    Array.from(part.matchAll(/\{(\w+)\}/g)).every(([, name = '']) => fieldOf(name) !== '')
      ? part
      : '',
  )
  return fill(whole)
}

const fields: Readonly<
  Record<string, (person: Person, match: Match) => string | null | undefined>
> = {
  name: ({ name }) => name,
  firstName: ({ firstName }) => firstName,
  lastName: ({ lastName }) => lastName,
  organisation: (_, { organisation }) => organisation,
  department: ({ details }) => details.department,
  title: ({ details }) => details.title,
  location: ({ details }) => details.location,
  extension: ({ extension }) => extension,
  kind: (_, { kind }) => kind,
}

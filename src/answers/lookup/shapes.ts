import type { Person } from '../../person/person.ts'
import type { CallerAnswer } from '../caller/caller-answer.ts'

/** How an answer is written, and its content type. */
export interface Written {
  readonly type: string
  readonly text: string
}

/**
 * The shapes of `GET /lookup`, by the name in `format=`. Who is not known is an empty answer, never
 * a word for it: it would be shown as a name.
 */
export const shapes = {
  json: (answer: CallerAnswer): Written => json(plain(answer)),
  text: ({ name }: CallerAnswer): Written => ({
    type: 'text/plain; charset=utf-8',
    text: name ?? '',
  }),
  xml: (answer: CallerAnswer): Written => ({
    type: 'application/xml; charset=utf-8',
    text: xml(plain(answer)),
  }),
  '3cx': (answer: CallerAnswer): Written => json(contact(answer)),
  innovaphone: (answer: CallerAnswer): Written => json(innovaphone(answer)),
}

export type ShapeName = keyof typeof shapes
export const shapeNames = Object.keys(shapes) as ShapeName[] // an object's own keys

/** Flat, so that a template of another system can pick what it wants. Empty fields are left out. */
function plain(answer: CallerAnswer): Readonly<Record<string, string | boolean>> {
  const { match, name, extension, language, pictureUrl, isVip } = answer
  const { person } = match
  const fields = {
    name,
    match: match.how,
    number: match.e164,
    kind: match.kind,
    organisation: match.organisation,
    extension,
    id: person?.id,
    firstName: person?.firstName,
    lastName: person?.lastName,
    email: person?.email,
    department: person?.details.department,
    title: person?.details.title,
    business: numberOf(person, 'work'),
    mobile: numberOf(person, 'mobile'),
    home: numberOf(person, 'home'),
    language,
    picture: pictureUrl,
    vip: isVip || null,
  }
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string | true] => Boolean(field[1])),
  )
}

/**
 * What the template in `3cx/` reads. 3CX shows a first and a last name and nothing else, so a
 * company, and an entry whose name is in one piece, have all of it in the last.
 */
function contact(answer: CallerAnswer): object {
  const { name, match } = answer
  if (name === null) return {}
  const { firstName, lastName } = match.person ?? { firstName: null, lastName: null }
  const { id, organisation, email, business, mobile, home } = plain(answer)
  const names = firstName && lastName ? { firstName, lastName } : { lastName: name }
  return { id, ...names, organisation, email, business, mobile, home }
}

/** `LookupInfo` of innovaphone's com.innovaphone.phonelookup: lists of numbers, LDAP's names. */
function innovaphone({ match, name, pictureUrl }: CallerAnswer): object {
  if (name === null) return {}
  const { person, organisation } = match
  const numbers = (kind: 'work' | 'mobile' | 'home') =>
    person?.numbers.filter((one) => one.kind === kind).map(({ e164, text }) => e164 ?? text) ?? []
  return {
    mt: 'LookupInfo',
    dn: name,
    contact: {
      sn: person?.lastName ?? '',
      givenname: person?.firstName ?? '',
      company: organisation ?? '',
      telephonenumber: numbers('work'),
      mobile: numbers('mobile'),
      homephone: numbers('home'),
      ...(person?.extension ? { extension: [person.extension] } : {}),
      ...(person?.email ? { email: [person.email] } : {}),
    },
    ...(pictureUrl === null ? {} : { photourl: pictureUrl }),
    // Numbers are written +49…, and not as the telephone dials them.
    adjust: true,
  }
}

function numberOf(person: Person | null, kind: 'work' | 'mobile' | 'home'): string | undefined {
  const number = person?.numbers.find((one) => one.kind === kind)
  return number?.e164 ?? number?.text
}

function json(value: object): Written {
  return { type: 'application/json; charset=utf-8', text: JSON.stringify(value) }
}

function xml(fields: Readonly<Record<string, string | boolean>>): string {
  const elements = Object.entries(fields).map(
    ([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<caller>${elements.join('')}</caller>\n`
}

/** Characters that XML 1.0 does not have at all are left out. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\ufffe\uffff]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

import type { Contact, ContactNumberKind } from '../contact.ts'
import type { Phone } from '../vendor.ts'

/** For formats with two fields for a name. A meeting room has only a last one, in no other script. */
export function nameFields(
  { first, last, latin }: Contact,
  phone: Phone,
): { readonly first: string; readonly last: string } {
  return { first: phone.text(first), last: phone.text(last, first === '' ? latin : null) }
}

/** The first number of one of the kinds. */
export function numberOf(
  contact: Contact,
  ...kinds: readonly ContactNumberKind[]
): string | undefined {
  return contact.numbers.find(({ kind }) => kinds.includes(kind))?.dial
}

/**
 * The numbers of a contact for a format with fixed places: each place takes the first number of its
 * kinds that no earlier place took, and what is left fills empty places from the last one on.
 */
export function inPlaces(
  contact: Contact,
  places: readonly (readonly ContactNumberKind[])[],
): readonly (string | undefined)[] {
  const left = [...contact.numbers]
  const filled = places.map((kinds) => {
    const at = left.findIndex(({ kind }) => kinds.includes(kind))
    return at === -1 ? undefined : left.splice(at, 1)[0]?.dial
  })
  for (let place = filled.length - 1; place >= 0 && left.length > 0; place--) {
    filled[place] ??= left.shift()?.dial
  }
  return filled
}

/** The three numbers that many makers' books have; empty where there is none. */
export function threeNumbers(contact: Contact): {
  readonly office: string
  readonly mobile: string
  readonly other: string
} {
  const [office = '', mobile = '', other = ''] = inPlaces(contact, [
    ['extension', 'work'],
    ['mobile'],
    ['home', 'other', 'work', 'assistant'],
  ])
  return { office, mobile, other }
}

/** For phones that understand no entities: nothing that would need one. */
export function withoutEntities(text: string): string {
  return text
    .replaceAll('&', '+')
    .replaceAll(/[<>"']/g, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
}

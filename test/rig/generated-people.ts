const given = ['Ada', 'Grace', 'Linus', 'Jürgen', 'Zoë', 'Émile', 'Søren', 'Anna', 'Wei', 'Olga']
const family = ['Müller', 'Hopper', 'Torvalds', 'Nuñez', 'Weiß', 'Łukasz', 'Okafor', 'Smith', 'Li']
const departments = ['Sales', 'Support', 'Development', 'Finance', 'Logistics']

export interface GeneratedPeople {
  readonly suffix: string
  readonly count: number
  /** First extension; the next person has the next number. */
  readonly firstExtension?: number
  /** Adds the people with short extensions 501 and 502 (`uid=short501`, `uid=short502`). */
  readonly shortExtensions?: boolean
}

/**
 * The LDIF of `count` believable people below `ou=people,SUFFIX`, and one group of them all.
 * The password of `uid=u1000` is `pw1000`. Every fifth person has a second number that stands on a
 * line of its own, away from the first, as real exports have it.
 */
export function generatedPeople(wanted: GeneratedPeople): string {
  const first = wanted.firstExtension ?? 1000
  const people = Array.from({ length: wanted.count }, (_, index) =>
    person(wanted.suffix, index, `u${first + index}`, String(first + index)),
  )
  if (wanted.shortExtensions) {
    people.push(person(wanted.suffix, 501, 'short501', '501'))
    people.push(person(wanted.suffix, 502, 'short502', '502'))
  }
  return people.map((lines) => `${lines.join('\n')}\n`).join('\n')
}

function person(suffix: string, index: number, uid: string, extension: string): string[] {
  const givenName = given[index % given.length] ?? 'Ada'
  const sn = `${family[index % family.length]}${index < family.length ? '' : ` ${index}`}`
  const mailName = `${givenName}.${uid}`.normalize('NFD').replaceAll(/[^\w.]/g, '')
  const mobile = `+49 171 ${String(2_000_000 + index)}`
  return [
    `dn: uid=${uid},ou=people,${suffix}`,
    'objectClass: inetOrgPerson',
    `uid: ${uid}`,
    line('cn', `${givenName} ${sn}`),
    line('sn', sn),
    line('givenName', givenName),
    `telephoneNumber: +49 30 1234 ${extension}`,
    `mobile: ${mobile}`,
    `mail: ${mailName.toLowerCase()}@example.org`,
    `departmentNumber: ${departments[index % departments.length]}`,
    `ou: ${departments[index % departments.length]}`,
    `employeeNumber: ${10_000 + index}`,
    `userPassword: pw${extension}`,
    ...(index % 5 === 4 ? [`telephoneNumber: +49 40 9876 ${extension}`] : []),
  ]
}

/** One attribute line; what is not plain ASCII goes as base64 (RFC 2849). */
function line(attribute: string, value: string): string {
  return /^[\x21-\x39\x3b\x3d-\x7e][\x20-\x7e]*$/.test(value)
    ? `${attribute}: ${value}`
    : `${attribute}:: ${Buffer.from(value).toString('base64')}`
}

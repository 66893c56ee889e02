import { startSlapd, type Slapd } from '../../test/rig/slapd.ts'
import { tables, type Tables } from './asterisk-files.ts'

export interface Directory extends AsyncDisposable {
  readonly pid: number
  readonly base: string
  /** `res_ldap.conf`: where it is, and which column is which attribute. */
  readonly settings: string
}

/** Attributes of inetOrgPerson that hold any text: one for each column. */
const attributes = [
  'employeeNumber',
  'departmentNumber',
  'employeeType',
  'displayName',
  'title',
  'roomNumber',
  'businessCategory',
  'carLicense',
  'initials',
  'l',
  'st',
  'street',
  'postalCode',
  'postOfficeBox',
  'physicalDeliveryOfficeName',
  'ou',
  'description',
  'givenName',
  'mobile',
] as const

/** An OpenLDAP with one entry a person, in which res_config_ldap finds the columns of all tables. */
export async function startDirectory(rows: Tables): Promise<Directory> {
  const columns = tables.flatMap((table) =>
    (rows[table][0] ?? []).flatMap(([column]) => (column === 'id' ? [] : `${table} ${column}`)),
  )
  if (columns.length > attributes.length) throw new Error('more columns than attributes')
  const named = new Map(columns.map((column, at) => [column, attributes[at]]))
  const suffix = 'dc=example,dc=org'
  const ldif = rows.ps_endpoints.map((_, at) => {
    const id = rows.ps_endpoints[at]?.find(([column]) => column === 'id')?.[1] ?? ''
    const lines = tables.flatMap((table) =>
      (rows[table][at] ?? []).flatMap(([column, value]) => {
        const attribute = named.get(`${table} ${column}`)
        return attribute === undefined ? [] : [`${attribute}: ${value}`]
      }),
    )
    const head = [`dn: uid=${id},ou=people,${suffix}`, 'objectClass: inetOrgPerson', `uid: ${id}`]
    return [...head, `cn: ${id}`, `sn: ${id}`, ...lines].join('\n')
  })
  const slapd = await startSlapd({ people: ldif.join('\n\n'), suffix })
  const mappings = tables.map((table) => {
    const own = [...named].filter(([column]) => column.startsWith(`${table} `))
    const lines = own.map(([column, attribute]) => `${column.split(' ')[1]} = ${attribute}`)
    return `[${table}]\nid = uid\n${lines.join('\n')}\n`
  })
  return {
    pid: slapd.pid,
    base: slapd.peopleBase,
    settings: `${general(slapd)}\n${mappings.join('\n')}`,
    [Symbol.asyncDispose]: () => slapd[Symbol.asyncDispose](),
  }
}

function general({ url, suffix, bindDn, bindPassword }: Slapd): string {
  return `[_general]
url = ${url}
protocol = 3
basedn = ${suffix}
user = ${bindDn}
pass = ${bindPassword}
`
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSlapd } from '../../rig/slapd.ts'

/** A directory that the company keeps, and what it takes to change it. */
export interface Directory extends AsyncDisposable {
  /** The source's lines of peerage.yaml: where it is, and how to log in. */
  readonly source: Readonly<Record<string, unknown>>
  add(person: DirectoryPerson): Promise<void>
  remove(person: DirectoryPerson): Promise<void>
}

export interface DirectoryPerson {
  readonly uid: string
  readonly name: string
  readonly extension: string
  /** A public number besides the own one. */
  readonly sharedNumber?: string
}

const base = 'ou=people,dc=example,dc=org'

export async function openLdif(people: readonly DirectoryPerson[]): Promise<Directory> {
  const folder = await mkdtemp(join(tmpdir(), 'peerage-ldif-'))
  const ldif = join(folder, 'people.ldif')
  let present = [...people]
  const save = () => writeFile(ldif, present.map((person) => toLdif(person, true)).join('\n'))
  await save()
  return {
    source: { ldif },
    async add(person) {
      present.push(person)
      await save()
    },
    async remove({ uid }) {
      present = present.filter((person) => person.uid !== uid)
      await save()
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

export async function openSlapd(people: readonly DirectoryPerson[]): Promise<Directory> {
  const slapd = await startSlapd({ people: people.map((person) => toLdif(person)).join('\n') })
  return {
    source: {
      servers: [slapd.ldapsUrl],
      caFile: slapd.caFile,
      base: slapd.suffix,
      bind: { user: slapd.bindDn, password: slapd.bindPassword },
    },
    add: (person) => slapd.modify(toLdif(person)),
    remove: ({ uid }) => slapd.modify(`dn: uid=${uid},${base}\nchangetype: delete\n`),
    [Symbol.asyncDispose]: () => slapd[Symbol.asyncDispose](),
  }
}

/** An LDIF file has no server that would give its entries an id. */
function toLdif(person: DirectoryPerson, withId = false): string {
  const { uid, name, extension, sharedNumber } = person
  const text = Buffer.from(name).toString('base64')
  const id = `00000000-0000-4000-8000-${extension.padStart(12, '0')}`
  return [
    `dn: uid=${uid},${base}`,
    'objectClass: inetOrgPerson',
    `uid: ${uid}`,
    `cn:: ${text}`,
    `sn:: ${text}`,
    `telephoneNumber: +49 30 1234 ${extension}`,
    ...(sharedNumber === undefined ? [] : [`facsimileTelephoneNumber: ${sharedNumber}`]),
    ...(withId ? [`entryUUID: ${id}`] : []),
    '',
  ].join('\n')
}

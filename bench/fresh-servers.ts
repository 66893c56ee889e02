import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Attribute, Change, Client } from 'ldapts'
import { startDs389 } from '../test/rig/ds389.ts'
import { startSamba } from '../test/rig/samba.ts'
import { generatedPeople } from '../test/rig/generated-people.ts'
import { startSlapd } from '../test/rig/slapd.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import { type Peer, ldapsearchPeer, pythonPeer } from './fresh-peer.ts'

/** A real directory in which one person's name is changed again and again. */
export interface FreshServer extends AsyncDisposable {
  readonly title: string
  /** YAML of the source, without the outer braces. */
  readonly source: string
  /** Whose answer is looked at. */
  readonly extension: string
  /** Up to how long to wait between two changes. */
  readonly pauseMs: number
  /** Somebody else who follows the same person; null: there is nobody. */
  readonly peer: Peer | null
  /** Names the person `Name VALUE`; resolves when the directory has it. */
  change(value: string): Promise<void>
}

export async function openServer(name: string, people: number): Promise<FreshServer> {
  switch (name) {
    case 'openldap':
      return openSlapd(people)
    case 'ds389':
      return openDs389(people)
    case 'samba':
      return openSamba(people)
    case 'ldif':
      return openLdif(people)
    default:
      throw new Error(`there is no server '${name}'; expected openldap, ds389, samba or ldif`)
  }
}

async function openSlapd(people: number): Promise<FreshServer> {
  const slapd = await startSlapd({ people })
  const { url, suffix, bindDn, bindPassword, peopleBase } = slapd
  const client = new Client({ url })
  await client.bind(bindDn, bindPassword)
  const login = ['-x', '-H', url, '-D', bindDn, '-w', bindPassword, '-b', suffix]
  return {
    title: 'OpenLDAP, by syncrepl',
    source: `preset: openldap, servers: ["${url}"], tls: none, base: "${suffix}", map: { extension: employeeNumber }, bind: { user: "${bindDn}", password: "${bindPassword}" }`,
    extension: '10000',
    pauseMs: 20,
    peer: ldapsearchPeer([...login, '-E', '!sync=rp', '-LLL', '(uid=u1000)', 'uid', 'displayName']),
    change: (value) => client.modify(`uid=u1000,${peopleBase}`, named(value)),
    async [Symbol.asyncDispose]() {
      await client.unbind()
      await slapd[Symbol.asyncDispose]()
    },
  }
}

async function openDs389(people: number): Promise<FreshServer> {
  const server = await startDs389({ people })
  const { url, suffix, bindDn, bindPassword, peopleBase } = server
  const client = new Client({ url })
  // As test/rig/ds389.ts sets it up: the service account may only read.
  await client.bind('cn=Directory Manager', 'Secret-Pass1')
  return {
    title: '389 Directory Server, by persistent search',
    source: `preset: 389-ds, servers: ["${url}"], tls: none, base: "${suffix}", map: { extension: employeeNumber }, bind: { user: "${bindDn}", password: "${bindPassword}" }`,
    extension: '10000',
    pauseMs: 20,
    peer: pythonPeer(url, bindDn, bindPassword, suffix),
    change: (value) => client.modify(`uid=u1000,${peopleBase}`, named(value)),
    async [Symbol.asyncDispose]() {
      await client.unbind()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function openSamba(people: number): Promise<FreshServer> {
  const samba = await startSamba()
  await samba.addUsers(people)
  // Who has no password yet is disabled, and a telephone of his is answered nowhere.
  await samba.modify(
    `dn: CN=Person 1000,${samba.usersBase}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 544\n`,
  )
  const { ldapsUrl, caFile, serverName, suffix, bindUser, bindPassword, usersBase } = samba
  const client = new Client({ url: ldapsUrl, tlsOptions: { rejectUnauthorized: false } })
  await client.bind(samba.adminUser, samba.adminPassword)
  return {
    title: 'Samba AD, polled every 2 s',
    source: `preset: active-directory, servers: ["${ldapsUrl}"], caFile: "${caFile}", serverName: "${serverName}", base: "${suffix}", bind: { user: "${bindUser}", password: "${bindPassword}" }`,
    extension: '1000',
    pauseMs: 2000,
    peer: null,
    change: (value) => client.modify(`CN=Person 1000,${usersBase}`, named(value)),
    async [Symbol.asyncDispose]() {
      await client.unbind()
      await samba[Symbol.asyncDispose]()
    },
  }
}

async function openLdif(people: number): Promise<FreshServer> {
  const folder = await temporaryFolder()
  const file = join(folder.path, 'people.ldif')
  const write = (value: string) => {
    const rest = { suffix: 'dc=example,dc=org', count: people, firstExtension: 2000 }
    const head = `dn: uid=ada,${rest.suffix}\nobjectClass: inetOrgPerson\nuid: ada\nsn: x\ncn: x\n`
    const name = `displayName: Name ${value}\ntelephoneNumber: 501\n\n`
    return writeFile(file, `${head}${name}${generatedPeople(rest)}`)
  }
  await write('none')
  return {
    title: 'an LDIF file that is written anew',
    source: `preset: openldap, ldif: "${file}"`,
    extension: '501',
    pauseMs: 20,
    peer: null,
    change: write,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

function named(value: string): Change {
  const modification = new Attribute({ type: 'displayName', values: [`Name ${value}`] })
  return new Change({ operation: 'replace', modification })
}

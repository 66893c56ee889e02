import assert from 'node:assert/strict'
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BerReader, BerWriter } from 'ldapts'
import { makeCertificates, makeExpired } from '../../rig/certificates.ts'
import { operations, readMessage } from '../../rig/wire.ts'
import { dnOf, extensions, personLdif, suffix, uuidOf } from './office-people.ts'
import {
  readerDn,
  readerPassword,
  type SlapdFault,
  type SlapdOffice as Office,
} from './slapd-office.ts'

/** What a server that answers says wrongly, or rightly and surprisingly. */
export const answerFaults: readonly SlapdFault[] = [
  {
    name: 'wrong password after a good day',
    named: /bind: cn=reader.* is refused: invalid credentials.*check sources\.office\.bind/,
    async strike(office) {
      await office.slapd.modify(passwordChange('another'))
      await failedRead(office)
    },
    mend: (office) => office.slapd.modify(passwordChange(readerPassword)),
  },
  {
    name: 'expired certificate',
    named: /tls: the certificate of the server has expired; it has to be renewed there/,
    office: { tls: 'ldaps' },
    async strike(office) {
      const { certFile } = office.slapd.certificates
      await copyFile(certFile, `${certFile}.good`)
      await present(office, await makeExpired(dirname(certFile)))
      await failedRead(office)
    },
    mend: (office) => present(office, `${office.slapd.certificates.certFile}.good`),
  },
  {
    name: 'certificate of an unknown authority',
    named: /tls: the certificate is not signed by the authority in .*check caFile/,
    office: { tls: 'starttls' },
    async strike(office) {
      const { certFile, keyFile } = office.slapd.certificates
      await copyFile(certFile, `${certFile}.good`)
      await copyFile(keyFile, `${keyFile}.good`)
      const folder = join(office.folder, 'strange')
      await mkdir(folder)
      const strange = await makeCertificates(folder)
      await present(office, strange.certFile, strange.keyFile)
      await failedRead(office)
    },
    async mend(office) {
      const { certFile, keyFile } = office.slapd.certificates
      await present(office, `${certFile}.good`, `${keyFile}.good`)
    },
  },
  {
    name: 'size limit hit',
    named: /size limit exceeded.*allow the account in sources\.office\.bind unlimited size/,
    office: { sizeLimit: 350 },
    async strike(office) {
      await office.slapd.modify(many.map((extension) => personLdif(extension)).join('\n'))
      await failedRead(office)
    },
    async mend(office) {
      const gone = many.slice(0, 20).map((each) => `dn: ${dnOf(each)}\nchangetype: delete\n`)
      await office.slapd.modify(gone.join('\n'))
    },
  },
  {
    name: 'a replica that has only half the people',
    named: /plan 1 is held: it would have 150 people gone, 25 are allowed/,
    office: { replica: extensions.slice(0, 150) },
    async strike(office) {
      await office.slapd.kill()
      assert.equal((await office.read()).outcome, 'held')
    },
    mend: (office) => office.slapd.start(),
  },
  {
    name: 'an empty page with a cookie',
    named: /^directory read: request/,
    async strike(office) {
      emptyPages(office, 1)
      const { outcome, counts } = await office.read()
      assert.deepEqual([outcome, counts.people], ['done', extensions.length])
    },
    mend: async (office) => office.wire.disturb(null),
  },
  {
    name: 'empty pages without end',
    named: /the server sends empty pages without end/,
    async strike(office) {
      emptyPages(office, Infinity)
      await failedRead(office)
    },
    mend: async (office) => office.wire.disturb(null),
  },
  {
    name: 'a filter edit that matches nobody',
    named: /no entry below ".*" fits the filter; check sources\.office\.base and filter/,
    async strike(office) {
      await office.restart('filter: "(title=nobody)"')
      await failedRead(office)
    },
    mend: (office) => office.restart(),
  },
  {
    name: 'server restarted (cookie in the present phase)',
    named: /the connection for changes is made again/,
    async strike(office) {
      await office.slapd.modify(personLdif('2001'))
      await office.untilAnswered('2001')
      await office.slapd.kill()
      await office.slapd.start()
      await office.slapd.modify(personLdif('2002'))
      await office.untilAnswered('2002')
    },
  },
  {
    name: 'cookie from the future (server restored from a backup)',
    named: /cannot continue from where we stood, everything is read.*newer than provider/,
    async strike(office) {
      await office.slapd.stop()
      const backup = await office.slapd.dump()
      await office.slapd.start()
      await office.slapd.modify(personLdif('2001'))
      await office.untilAnswered('2001')
      await office.slapd.restore(backup)
      await office.untilSaid(/newer than provider/)
    },
  },
  {
    name: 'two entries with one id',
    named: /uid=u2001,.*: the id office\/.* was read twice; the first one counts/,
    async strike(office) {
      await loadOffline(office, personLdif('2001', [`entryUUID: ${uuidOf('1000')}`]))
      assert.equal((await office.read()).outcome, 'done')
    },
    // The server announces that the id is gone, although its other bearer is still there.
    mend: (office) => office.slapd.modify(`dn: ${dnOf('2001')}\nchangetype: delete\n`),
  },
  {
    name: 'an entry of 8 MB',
    named: /uid=u2001,.*title: a value is 4194304 bytes long, expected at most 65536/,
    async strike(office) {
      const long = 'x'.repeat(4 * 1024 * 1024)
      await loadOffline(office, personLdif('2001', [`title: ${long}`, `roomNumber: ${long}`]))
      assert.equal((await office.read()).outcome, 'done')
      await office.untilAnswered('2001')
    },
  },
  {
    name: 'a group of 100,000 members',
    named: /cn=all,.*member: has 100000 values; the first 1000 count/,
    office: {
      source:
        'filter: "(|(objectClass=inetOrgPerson)(cn=all))"\n    map: { groups: [memberOf, member] }',
    },
    async strike(office) {
      const members = Array.from(
        { length: 100_000 },
        (_, index) => `member: ${dnOf(String(index))}`,
      )
      const head = `dn: cn=all,ou=groups,${suffix}\nobjectClass: groupOfNames\ncn: all\n`
      await loadOffline(office, `${head}${members.join('\n')}\n`)
      assert.equal((await office.read()).outcome, 'done')
    },
  },
]

/** With the 300 more than the limit of 350, and after 20 of them are gone with the newcomer less. */
const many = Array.from({ length: 60 }, (_, index) => String(2000 + index))

async function failedRead(office: Office): Promise<void> {
  const { outcome } = await office.read()
  assert.equal(outcome, 'failed', 'the read did not fail')
}

function passwordChange(password: string): string {
  return `dn: ${readerDn}\nchangetype: modify\nreplace: userPassword\nuserPassword: ${password}\n`
}

/** Starts the server again with that certificate. */
async function present({ slapd }: Office, certFile: string, keyFile?: string): Promise<void> {
  await slapd.kill()
  await copyFile(certFile, slapd.certificates.certFile)
  if (keyFile !== undefined) await copyFile(keyFile, slapd.certificates.keyFile)
  await slapd.start()
}

/** What a server takes only from its own tools. */
async function loadOffline({ slapd }: Office, ldif: string): Promise<void> {
  await slapd.kill()
  await slapd.load(ldif)
  await slapd.start()
}

/** After the first page, so many with the same cookie and nobody in them. */
function emptyPages({ wire }: Office, count: number): void {
  let firstEnd: Buffer | null = null
  let left = count
  wire.disturb({
    back: (bytes) => {
      if (readMessage(bytes).operation === operations.searchDone && bytes.length > 30) {
        firstEnd ??= bytes
      }
      return true
    },
    forth: (bytes, line) => {
      const { id, operation } = readMessage(bytes)
      if (operation !== operations.searchRequest || !firstEnd || left <= 0) return true
      left--
      line.answer(withId(firstEnd, id))
      return false
    },
  })
}

/** The same message as the answer to another question. */
function withId(message: Buffer, id: number): Buffer {
  const reader = new BerReader(message)
  reader.readSequence()
  reader.readInt()
  const rest = message.subarray(reader.offset)
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  for (const byte of rest) writer.writeByte(byte)
  writer.endSequence()
  return writer.buffer
}

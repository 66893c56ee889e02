/**
 * How soon a changed SIP secret counts on an Asterisk whose caches hold a day: from the change until a
 * REGISTER with the new secret is let in, beside a REGISTER when nothing changed. The secret is an
 * attribute of a real OpenLDAP, which Peerage follows: it is changed there alone (`attribute`), or
 * together with the person's name (`person`), or with Peerage (`chosen`). In turns, in one run, on
 * Asterisk 22.
 *
 *   node bench/fresh-register.ts [rounds] [people]
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Attribute, Change, Client } from 'ldapts'
import { stringify } from 'yaml'
import { parseConfig } from '../src/config/config.ts'
import { startService, type Service } from '../src/service.ts'
import { freeAmi, startAsterisk, type AmiAccess } from '../test/rig/asterisk.ts'
import { companyLdif, companyPeople } from '../test/rig/company.ts'
import { openPhone } from '../test/rig/phone.ts'
import { startSlapd, type Slapd } from '../test/rig/slapd.ts'

const [rounds = '50', people = '1000'] = process.argv.slice(2)
const extension = '1000'

async function bench(): Promise<void> {
  const suffix = 'dc=example'
  await using slapd = await startSlapd({
    suffix,
    people: companyLdif(companyPeople(Number(people))),
  })
  const ami = await freeAmi()
  await using service = await follow(slapd, ami)
  const realtime = `http://127.0.0.1:${service.pbx.port}`
  await using asterisk = await startAsterisk({ version: 22, realtime, ami })
  await service.asterisks.settled()
  await using directory = await connect(slapd)
  const { state } = service
  const id = service.people.byExtension(extension)?.id ?? ''
  const ways: Record<string, (secret: string) => Promise<void>> = {
    chosen: (secret) => state.secrets.choose(id, 'sip', secret),
    unchanged: async () => {},
    attribute: (secret) => directory.change({ employeeNumber: secret }),
    person: (secret) => directory.change({ employeeNumber: secret, cn: `Named ${secret}` }),
  }
  const times = new Map(Object.keys(ways).map((way) => [way, [] as number[]]))
  let secret = 'secret-0'
  for (let round = 0; round < Number(rounds); round++) {
    for (const [way, change] of Object.entries(ways)) {
      if (way !== 'unchanged') secret = `${way}-${round}`
      times.get(way)?.push(await untilIn(asterisk.sipServer, secret, () => change(secret)))
      await delay(Math.random() * 20) // not in step with anything
    }
  }
  for (const [way, all] of times) print(way, all)
}

/** Milliseconds from the change to the end of the first REGISTER that is let in. */
async function untilIn(
  server: string,
  secret: string,
  change: () => Promise<void>,
): Promise<number> {
  await using phone = await openPhone({ user: extension, secret, server })
  const began = performance.now()
  await change()
  while ((await phone.register()).status !== 200) await delay(5)
  return performance.now() - began
}

async function follow({ url, suffix, bindDn, bindPassword }: Slapd, ami: AmiAccess) {
  const config = {
    site: { country: 'DE', areaCode: '30', extensionLength: [4, 6] },
    sources: {
      company: {
        preset: 'openldap',
        servers: [url],
        tls: 'none',
        base: suffix,
        bind: { user: bindDn, password: bindPassword },
        secrets: { sip: { from: 'employeeNumber' } },
      },
    },
    state: 'sqlite::memory:',
    listen: { pbx: '127.0.0.1:0', web: '127.0.0.1:0' },
    asterisk: [{ name: 'pbx', ami }],
    log: 'error',
  }
  const service: Service = await startService(parseConfig(stringify(config), 'bench.yaml', {}))
  await service.ready
  return service
}

async function connect({ url, bindDn, bindPassword, peopleBase }: Slapd) {
  const client = new Client({ url })
  await client.bind(bindDn, bindPassword)
  return {
    change: (values: Readonly<Record<string, string>>) =>
      client.modify(
        `uid=u${extension},${peopleBase}`,
        Object.entries(values).map(([type, value]) => {
          const modification = new Attribute({ type, values: [value] })
          return new Change({ operation: 'replace', modification })
        }),
      ),
    [Symbol.asyncDispose]: () => client.unbind(),
  }
}

function print(way: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1]?.toFixed(1)
  console.log(`${way.padEnd(10)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   (${rounds} times)`)
}

await bench()

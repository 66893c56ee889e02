import { expect, test } from 'vitest'
import { startAsterisk } from '../../rig/asterisk.ts'
import { openPhone } from '../../rig/phone.ts'
import { entry, startTestService } from '../../support/service.ts'

const shared = { facsimileTelephoneNumber: '+49 30 2312 570' }
const many = Array.from({ length: 300 }, (_, at) =>
  entry(`u${at}`, at + 1, { cn: `Person ${at}`, telephoneNumber: String(5000 + at), ...shared }),
)

test('Asterisk 22 takes every column that a class can set, and all of a row that is as long as may be', async () => {
  await using company = await startTestService({
    ldif: many.join(''),
    source: 'map: { did: facsimileTelephoneNumber }',
    yaml: `
classes:
  default:
    callGroup: first-digit
    musicOnHold: jazz
    language: de
    mwi: notify
    transport: transport-udp
    auth: md5
    realm: pbx.example
    qualifySeconds: 0
    variables: { TENANT: "a=b & c", FLOOR: "2" }
    endpoint: { rtp_timeout: 61, direct_media: true, device_state_busy_at: 3 }
    aor: { minimum_expiration: 77 }
    ringSeconds: 1
    steps:
      - Verbose(1,VARS=\${TENANT}/\${FLOOR}.)
      - Gosub(peerage-ring,s,1({phones},{mailbox},{seconds}))
`,
  })
  const realtime = `http://127.0.0.1:${company.service.pbx.port}`
  const files = {
    'pjsip_trunks.conf': `[provider]
type = endpoint
context = from-trunk
disallow = all
allow = ulaw
[provider]
type = identify
endpoint = provider
match = 127.0.0.2
`,
  }
  await using asterisk = await startAsterisk({ version: 22, realtime, files })
  const endpoint = await asterisk.cli('pjsip show endpoint 5000')
  for (const [column, value] of [
    ['moh_suggest', 'jazz'],
    ['language', 'de'],
    ['mailboxes', '5000@default'],
    ['transport', 'transport-udp'],
    ['rtp_timeout', '61'],
    ['direct_media', 'true'],
    ['device_state_busy_at', '3'],
    ['named_call_group', '5'],
    ['named_pickup_group', '5'],
    ['call_group', '5'],
  ]) {
    const lines = endpoint.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim())
    expect(lines, column).toContain(`${column} : ${value}`)
  }
  expect(await asterisk.cli('pjsip show aor 5000')).toMatch(/minimum_expiration +: 77/)
  const secret = company.service.state.secrets.sip(
    company.service.people.byExtension('5000')?.id ?? '',
  )
  await using phone = await openPhone({
    server: asterisk.sipServer,
    user: '5000',
    secret: secret ?? '',
  })
  expect((await phone.register()).status).toBe(200)

  const inside = await phone.call('5001')
  await asterisk.logged('VARS=a=b & c/2.')
  await inside.hangUp()

  await using trunk = await openPhone({
    server: asterisk.sipServer,
    user: '+4989555',
    address: '127.0.0.2',
  })
  const out = await trunk.call('+49302312570')
  await (await phone.incoming()).ended()
  await out.ended()
  // What the log shows of a row is cut earlier; what the subroutine was given is not.
  const log = await asterisk.logs()
  expect(log).toMatch(/Set\("PJSIP\/provider-\w+", "COUNT=98"\)/)
  expect(log).toMatch(/Dial\("PJSIP\/provider-\w+", "PJSIP\/5000\/[^"]*,1"\)/)
})

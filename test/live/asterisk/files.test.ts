import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import { openPhone, type Phone } from '../../rig/phone.ts'
import { entry, startTestService, type TestService } from '../../support/service.ts'

const sales = { memberOf: 'cn=Sales,ou=groups,dc=example' }
const ldif = [
  entry('ada', 1, { cn: 'Ada; "Countess", of Lovelace', telephoneNumber: '501', ...sales }),
  entry('zoe', 2, { cn: 'Zoë', telephoneNumber: '+49 30 2312 502', ...sales }),
].join('')

const source = 'map: { did: telephoneNumber }, secrets: { pin: { initial: "1111" } }'

async function register(
  { service }: TestService,
  { sipServer }: Asterisk,
  extension: string,
): Promise<Phone> {
  const id = service.people.byExtension(extension)?.id ?? ''
  const secret = service.state.secrets.sip(id) ?? ''
  const phone = await openPhone({ server: sipServer, user: extension, secret })
  expect((await phone.register()).status).toBe(200)
  return phone
}

test('Asterisk 22 works from files alone: phones, mailboxes and a queue', async () => {
  await using company = await startTestService({
    ldif,
    source,
    yaml: 'queues: { sales: { group: Sales } }\nclasses: { default: { auth: digest } }',
  })
  const url = `http://127.0.0.1:${company.service.pbx.port}`
  const file = async (name: string) => (await fetch(`${url}/realtime/files/${name}`)).text()
  await using asterisk = await startAsterisk({
    version: 22,
    realtime: url,
    files: {
      'extconfig.conf': '[settings]\n',
      'sorcery.conf': '',
      'pjsip_trunks.conf': await file('pjsip.conf'),
      'voicemail.conf': `[general]\nformat = wav\n${await file('voicemail.conf')}`,
      'queues.conf': `[general]\n${await file('queues.conf')}`,
    },
  })
  await using ada = await register(company, asterisk, '501')
  expect((await ada.register()).algorithm).toBe('SHA-256')
  expect(await asterisk.cli('pjsip show endpoint 501')).toContain(
    `"Ada; 'Countess', of Lovelace" <501>`,
  )
  expect(await asterisk.cli('voicemail show users')).toMatch(/501 +Ada 'Countess' of Lovelace/)
  expect((await asterisk.cli('queue show sales')).match(/\(PJSIP\/50[12]\)/g)).toHaveLength(2)
})

test('one #exec line in users.conf takes the place of a script, on Asterisk 16', async () => {
  await using company = await startTestService({
    ldif,
    source,
    yaml: 'classes: { default: { callGroup: first-digit } }\nrealtime: { usersConf: { template: lan, context: did-local } }',
  })
  const url = `http://127.0.0.1:${company.service.pbx.port}`
  await using asterisk = await startAsterisk({
    version: 16,
    realtime: url,
    files: {
      'extconfig.conf': '[settings]\n',
      'users.conf': `[lan](!)
type = friend
host = dynamic
hassip = yes
#exec curl -sS ${url}/realtime/files/users.conf
`,
    },
  })
  const main = join(asterisk.folder, 'etc/asterisk.conf')
  const text = await readFile(main, 'utf8')
  await writeFile(main, text.replace('[options]', '[options]\nexecincludes = yes'))
  await asterisk.restart()
  await using zoe = await register(company, asterisk, '502')
  expect(zoe.user).toBe('502')
  const peer = await asterisk.cli('sip show peer 502')
  expect(peer).toMatch(/Callerid +: "Zoë" <502>/)
  expect(peer).toMatch(/Context +: 2312502/)
  expect(peer).toMatch(/Callgroup +: 5/)
  expect(await asterisk.cli('sip show peer 501')).toContain(`"Ada; 'Countess', of Lovelace" <501>`)
})

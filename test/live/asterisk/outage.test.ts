import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { readConfig } from '../../../src/config/config.ts'
import { openLogger } from '../../../src/logger.ts'
import { startService, type Service } from '../../../src/service.ts'
import { startAsterisk } from '../../rig/asterisk.ts'
import { openPhone, type Phone } from '../../rig/phone.ts'
import { startSlapd } from '../../rig/slapd.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('with 1 000 people, a dead directory is noticed by nobody who dials, not even after a restart', async () => {
  await using slapd = await startSlapd({ people: 1000, shortExtensions: true })
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'peerage.yaml')
  const write = (pbx: string) =>
    writeFile(
      file,
      stringify({
        site: {
          country: 'DE',
          areaCode: '30',
          dids: ['+493012345xx -> 5xx', '+49301234xxxx -> xxxx'],
        },
        sources: {
          office: {
            preset: 'openldap',
            servers: [slapd.ldapsUrl],
            caFile: slapd.caFile,
            base: slapd.suffix,
            bind: { user: slapd.bindDn, password: slapd.bindPassword },
          },
        },
        listen: { pbx, web: '127.0.0.1:0' },
      }),
    )
  const start = async () => {
    const service = await startService(readConfig(file, {}), { log: openLogger('silent') })
    await service.ready
    return service
  }

  await write('127.0.0.1:0')
  const first = await start()
  expect(first.people.size).toBe(1002)
  const pbx = `127.0.0.1:${first.pbx.port}`
  await using asterisk = await startAsterisk({ version: 22, realtime: `http://${pbx}` })
  await using callee = await registered(first, asterisk.sipServer, '502')
  await talk(await registered(first, asterisk.sipServer, '501'), callee)

  await slapd.kill()
  expect((await first.sync())[0]).toMatchObject({ outcome: 'failed' })
  await talk(await registered(first, asterisk.sipServer, '1007'), callee)

  await first[Symbol.asyncDispose]()
  await write(pbx)
  await using second = await start()
  expect(second.people.size).toBe(1002)
  expect(second.syncs[0]?.lastRun).toMatchObject({ outcome: 'failed' })
  await talk(await registered(second, asterisk.sipServer, '1999'), callee)

  const health = await fetch(`http://127.0.0.1:${second.web.port}/healthz`)
  expect([health.status, await health.json()]).toMatchObject([
    200,
    { status: 'stale', people: 1002 },
  ])
  const check = await runCheck(file)
  expect(check).toMatch(/age of data +office: read \d+ (seconds|minutes) ago/)
  expect(check).toMatch(/FAIL tcp +.*ECONNREFUSED|refused/)
})

async function registered(service: Service, server: string, extension: string): Promise<Phone> {
  const id = service.people.byExtension(extension)?.id ?? ''
  const secret = service.state.secrets.sip(id) ?? ''
  const phone = await openPhone({ server, user: extension, secret, toneHz: 620 })
  expect((await phone.register()).status).toBe(200)
  return phone
}

/** The caller's phone is put away afterwards. */
async function talk(caller: Phone, callee: Phone): Promise<void> {
  await using from = caller
  const out = await from.call('502')
  const incoming = await callee.incoming()
  await incoming.answer()
  await Promise.all([out.hears(620), incoming.hears(620)])
  await out.hangUp()
}

async function runCheck(file: string): Promise<string> {
  const main = new URL('../../../bin/peerage.js', import.meta.url).pathname
  const failed: unknown = await promisify(execFile)(process.execPath, [
    main,
    'check',
    '-c',
    file,
  ]).catch((error: unknown) => error)
  return failed instanceof Error && 'stdout' in failed ? String(failed.stdout) : ''
}

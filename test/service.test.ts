import { stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runPeerage as run } from './support/process.ts'
import { entry, startTestService } from './support/service.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const zoe = (extension: string) => entry('zoe', 1, { cn: 'Zoë', telephoneNumber: extension })
const bob = entry('bob', 2, { cn: 'Bob', telephoneNumber: '502' })
const secretOf = async (ask: (path: string, body: string) => Promise<string>, id: string) =>
  /password=([^&\r]+)/.exec(await ask('ps_auths/single', `id=${id}`))?.[1]

describe('a restart with the directory gone', () => {
  test('answers like yesterday, with the same secrets and contacts, and says how old the data is', async () => {
    await using folder = await temporaryFolder()
    const yesterday = Date.now() - 86_400_000
    const common = { folder: folder.path, state: '"sqlite:./peerage.db"' }
    let secret: string | undefined
    {
      await using company = await startTestService({
        ...common,
        ldif: zoe('501'),
        now: () => yesterday,
      })
      secret = await secretOf(company.ask, '501')
      await company.ask('ps_contacts/store', 'id=501%3B%40aa&uri=sip%3A501%40127.0.0.1')
    }
    await using company = await startTestService({ ...common, ldif: 'this is no LDIF at all' })
    expect(secret).toBeDefined()
    expect(await secretOf(company.ask, '501')).toBe(secret)
    expect(await company.ask('ps_contacts/multi', 'id%20LIKE=501%3B%40%25')).toContain('sip%3A501')
    const health = await fetch(`http://127.0.0.1:${company.service.web.port}/healthz`)
    expect(health.status).toBe(200)
    const { status, sources } = (await health.json()) as {
      status: string
      sources: { ageSeconds: number }[]
    }
    expect(status).toBe('stale')
    expect(sources[0]?.ageSeconds).toBeGreaterThanOrEqual(86_400)
  })

  test('a first start without any directory is unhealthy, and still answers', async () => {
    await using company = await startTestService({ ldif: null })
    expect(await company.ask('ps_endpoints/single', 'id=501')).toBe('')
    const health = await fetch(`http://127.0.0.1:${company.service.web.port}/healthz`)
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({ status: 'empty', people: 0 })
    await company.change(zoe('501'))
    expect(await company.ask('ps_endpoints/single', 'id=501')).toContain('id=501')
  })
})

describe('a change of the directory', () => {
  test('shows after a sync: new extension, new name, gone person; the secret stays', async () => {
    await using company = await startTestService({ ldif: zoe('501') + bob })
    const secret = await secretOf(company.ask, '501')
    await company.change(zoe('511').replace(btoa('Zo\u00c3\u00ab'), btoa('Zo\u00c3\u00ab 2')))
    expect(await company.ask('ps_endpoints/single', 'id=501')).toBe('')
    expect(await company.ask('ps_endpoints/single', 'id=502')).toBe('')
    expect(await company.ask('ps_endpoints/single', 'id=511')).toContain(
      'callerid=%22Zo%C3%AB%202%22%20%3C511%3E',
    )
    expect(await secretOf(company.ask, '511')).toBe(secret)
  })

  test('is seen by itself when the file is written', async () => {
    await using company = await startTestService({ ldif: zoe('501') })
    const changed = new Promise<void>((resolve) => company.service.people.onChange(() => resolve()))
    await writeFile(join(company.folder, 'people.ldif'), zoe('501') + bob)
    await changed
    expect(await company.ask('ps_endpoints/single', 'id=502')).toContain('callerid=%22Bob')
  })
})

describe('the API', () => {
  test('wants the token that the first start made, and only /healthz is open', async () => {
    await using company = await startTestService({ ldif: zoe('501') + bob })
    const { web, newToken } = company.service
    const ask = (path: string, token?: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${web.port}${path}`, {
        method,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      })
    expect((await ask('/healthz')).status).toBe(200)
    for (const path of ['/api/runs', '/api/lookup?q=501', '/api/conflicts', '/api/nothing']) {
      expect((await ask(path)).status).toBe(401)
      expect((await ask(path, 'wrong')).status).toBe(401)
    }
    expect((await ask('/api/sync', undefined, 'POST')).status).toBe(401)
    const token = newToken ?? ''
    expect(await (await ask('/api/sync', token, 'POST')).json()).toMatchObject({
      runs: [{ source: 'company', outcome: 'done', counts: { people: 2, added: 0, changed: 0 } }],
    })
    expect((await ask('/api/sync?source=nowhere', token, 'POST')).status).toBe(404)
    const found = await (await ask('/api/lookup?q=%2B49%2030%202312%20501', token)).json()
    expect(found).toMatchObject({ found: [{ person: { name: 'Zoë' } }] })
    expect(JSON.stringify(found)).not.toContain(await secretOf(company.ask, '501'))
    expect((await ask('/api/lookup?q=', token)).status).toBe(400)
  })

  test('is open to the owner of the control socket, which nobody else may open', async () => {
    await using folder = await temporaryFolder()
    const state = '"sqlite:./peerage.db"'
    await using _company = await startTestService({ ldif: zoe('501'), folder: folder.path, state })
    const socketPath = join(folder.path, 'peerage.sock')
    expect((await stat(socketPath)).mode & 0o077).toBe(0)
    const status = await new Promise((resolve, reject) => {
      const asked = request({ socketPath, path: '/api/runs' }, (answer) =>
        resolve(answer.statusCode),
      )
      asked.on('error', reject).end()
    })
    expect(status).toBe(200)
  })
})

test('a second service on the same state is refused', async () => {
  await using folder = await temporaryFolder()
  const state = '"sqlite:./peerage.db"'
  await using _first = await startTestService({ ldif: zoe('501'), folder: folder.path, state })
  await expect(startTestService({ ldif: zoe('501'), folder: folder.path, state })).rejects.toThrow(
    /running already/,
  )
})

describe('as a process', () => {
  const yaml =
    'site: { country: DE }\nsources: { company: { preset: openldap, ldif: people.ldif } }\n'

  test('check goes step by step and changes nothing', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'peerage.yaml'), yaml)
    await writeFile(join(folder.path, 'people.ldif'), zoe('501') + bob)
    const { code, text } = await run(['check'], folder.path)
    expect(text).toMatch(/ok +people +2, 2 of them with an extension/)
    expect(code).toBe(0)
    await expect(stat(join(folder.path, 'data'))).rejects.toThrow('ENOENT')
  })

  test('a wrong configuration ends with its complaints and exit code 1', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'peerage.yaml'), yaml.replace('openldap', 'novell'))
    const { code, text } = await run(['serve'], folder.path)
    expect(text).toMatch(/sources\.company\.preset: .*expected 'active-directory' or 'openldap'/)
    expect(code).toBe(1)
  })

  test('a command without a service says how to start one', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'peerage.yaml'), yaml)
    const { code, text } = await run(['lookup', '501'], folder.path)
    expect(text).toMatch(/no Peerage answers at .*start it with: peerage serve/)
    expect(code).toBe(1)
    expect((await run(['loockup'], folder.path)).code).toBe(2)
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { entry } from './support/service.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const configured = ['bindSecret-8f1c', 'amiSecret-77ab', 'pbxToken-2c9e-a51b7f']
const initialPin = '739104'

const yaml = `
site: { country: DE }
sources:
  company:
    preset: openldap
    ldif: ./people.ldif
    secrets: { pin: { initial: "${initialPin}" } }
  dead:
    preset: openldap
    servers: ["ldap://127.0.0.1:1"]
    base: dc=example
    bind: { user: cn=svc, password: ${configured[0]} }
asterisk: [{ name: pbx1, ami: { host: 127.0.0.1, port: 1, user: peerage, password: ${configured[1]} } }]
listen:
  pbx: "127.0.0.1:0"
  pbxToken: ${configured[2]}
  web: "127.0.0.1:0"
  agi: "127.0.0.1:0"
state: "sqlite:./data/peerage.db"
log: debug
`

interface Line {
  readonly msg: string
  readonly web?: string
  readonly pbx?: readonly string[]
}

test(
  'no log line of a whole run at its most talkative has a secret',
  { timeout: 60_000 },
  async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'peerage.yaml')
    await writeFile(join(folder.path, 'people.ldif'), entry('ada', 1, { telephoneNumber: '501' }))
    await writeFile(file, yaml)
    const main = new URL('../bin/peerage.js', import.meta.url).pathname
    const child = spawn(process.execPath, [main, 'serve', '--config', file], {
      cwd: folder.path,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    await using _stopped = { [Symbol.asyncDispose]: async () => void child.kill() }
    let printed = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk))
    const log: string[] = []
    const ready = new Promise<Line>((resolve) => {
      createInterface(child.stdout).on('line', (text) => {
        log.push(text)
        const line = JSON.parse(text) as Line // pino writes JSON
        if (line.msg === 'ready') resolve(line)
      })
    })
    const { web = '', pbx = [] } = await ready
    while (!printed.includes('password (shown')) await sleep(20)
    const token = /: (\S+)/.exec(printed)?.[1] ?? ''
    const api = (path: string, method = 'GET') =>
      fetch(`http://${web}${path}`, { method, headers: { authorization: `Bearer ${token}` } })
    while (!JSON.stringify(await (await api('/healthz')).json()).includes('"ok"')) await sleep(20)

    const password = /password \(shown this once\): (\S+)/.exec(printed)?.[1] ?? ''
    const asJson = { 'content-type': 'application/json' }
    const entered = await fetch(`http://${web}/auth/login`, {
      method: 'POST',
      headers: asJson,
      body: JSON.stringify({ name: 'superadmin', password }),
    })
    const cookie = /peerage=([^;]+)/.exec(entered.headers.get('set-cookie') ?? '')?.[1] ?? ''
    const { csrf } = (await entered.json()) as { csrf: string }
    const signedIn = { ...asJson, cookie: `peerage=${cookie}`, 'x-csrf-token': csrf }
    const making = await fetch(`http://${web}/api/tokens`, {
      method: 'POST',
      headers: signedIn,
      body: JSON.stringify({ name: 'wiki', scopes: ['read'] }),
    })
    const { token: made } = (await making.json()) as { token: string }
    const onPage = async (path: string, form: Readonly<Record<string, string>> = {}) => {
      const body = new URLSearchParams({ csrf, ...form })
      const headers = { cookie: `peerage=${cookie}` }
      const answer = await fetch(`http://${web}/access/${path}`, { method: 'POST', headers, body })
      return /<code class="secret">([^<]+)</.exec(await answer.text())?.[1] ?? ''
    }
    const madeOnPage = await onPage('tokens', { name: 'page', 'scope-read': 'on' })
    const resetOnPage = await onPage('accounts/superadmin/reset')
    const wrong = JSON.stringify({ name: 'ada', password: 'wrongPassword-7e3a' })
    await fetch(`http://${web}/auth/login`, { method: 'POST', headers: asJson, body: wrong })

    const secretsNow = async () => {
      const { found } = (await (await api('/api/lookup?q=501&secrets=true')).json()) as Found
      return { id: found[0]?.person.id ?? '', secrets: Object.values(found[0]?.secrets ?? {}) }
    }
    const before = await secretsNow()
    const id = encodeURIComponent(before.id)
    await api(`/api/people/${id}/reset-secret`, 'POST')
    const reset = (await (await api(`/api/people/${id}/reset-pin?show=true`, 'POST')).json()) as {
      value?: string
    }
    await api(`/api/people/${id}/disable`, 'POST')
    await api(`/api/people/${id}/enable`, 'POST')
    await api('/api/sync', 'POST')
    await api('/metrics')
    await fetch(`http://${web}/api/runs`, { headers: { authorization: 'Bearer wrongToken-51d0' } })
    for (const path of ['ps_auths/single', 'ps_auths/update?id=501', 'nonsense/single']) {
      await fetch(`http://${pbx[0]}/realtime/${path}`, { method: 'POST', body: 'id=501' })
      await fetch(`http://${pbx[0]}/realtime/${path}`, {
        method: 'POST',
        body: 'id=501',
        headers: { authorization: `Basic ${btoa(`peerage:${configured[2]}`)}` },
      })
    }
    await hangUpAt(web)
    const after = await secretsNow()
    child.kill('SIGTERM')
    await once(child, 'close')

    const sessions = [password, cookie, csrf, made, madeOnPage, resetOnPage]
    for (const each of sessions) expect(each).toMatch(/^[\w-]{20,}$/)
    const shownOnce = [...sessions, reset.value ?? null, 'wrongPassword-7e3a']
    const secrets = [
      ...before.secrets,
      ...after.secrets,
      ...configured,
      initialPin,
      token,
      ...shownOnce,
    ]
    const known = secrets.filter((secret) => secret !== null)
    expect(known.length).toBeGreaterThanOrEqual(8)
    expect(log.length).toBeGreaterThan(5)
    const text = log.join('\n')
    const shown = [...known, 'wrongToken-51d0'].filter((secret) => text.includes(secret))
    expect(shown).toEqual([])
  },
)

interface Found {
  readonly found: readonly {
    readonly person: { readonly id: string }
    readonly secrets: Readonly<Record<string, string | null>>
  }[]
}

/** Something that is no request at all. */
async function hangUpAt(address: string): Promise<void> {
  const [host, port] = address.split(':')
  const socket = connect(Number(port), host)
  socket.end('GARBAGE\r\n\r\n')
  socket.resume()
  await once(socket, 'close')
}

import { stringify } from 'yaml'
import { parseConfig } from '../../../src/config/config.ts'
import { startService, type Service } from '../../../src/service.ts'
import { freeAmi, freeAri, freeUdpPort, startAsterisk, type Asterisk } from '../../rig/asterisk.ts'
import { startBrowser, type Browser } from '../../rig/browser.ts'
import { startSlapd } from '../../rig/slapd.ts'

/** OpenLDAP with two people who have passwords, Peerage over it, Asterisk 22 and a browser. */
export interface Staff extends AsyncDisposable {
  readonly service: Service
  readonly asterisk: Asterisk
  readonly browser: Browser
  readonly base: string
  /** What the browser complained of, apart from answers that refuse what was asked. */
  complaints(): readonly string[]
  /** Whoever was signed in before is not any more. */
  signIn(name: string, password: string): Promise<void>
  /** A link to set up his telephone, as a program of his would get it. */
  setupLink(name: string, password: string): Promise<string>
  text(selector: string): Promise<string>
  fill(selector: string, value: string): Promise<void>
}

const people = `dn: uid=ada,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: ada
cn: Ada Lovelace
givenName: Ada
sn: Lovelace
title: Analyst
ou: Engines
mail: ada@example.org
mobile: +49 170 3920018
telephoneNumber: +49 30 1234 501
userPassword: engine-no-1

dn: uid=zoe,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: zoe
cn: Zoë Müller
givenName: Zoë
sn: Müller
ou: Sales
telephoneNumber: +49 30 1234 502
userPassword: zoes-own`

export async function openStaff(): Promise<Staff> {
  await using stack = new AsyncDisposableStack()
  const slapd = stack.use(await startSlapd({ people }))
  const [ami, ari, sipPort] = [await freeAmi(), await freeAri(), await freeUdpPort()]
  const config = {
    site: { country: 'DE', areaCode: '30', outsidePrefix: '0', dids: '+49301234xxx -> xxx' },
    sources: {
      office: {
        preset: 'openldap',
        servers: [slapd.ldapsUrl],
        caFile: slapd.caFile,
        serverName: 'localhost',
        base: slapd.suffix,
        bind: { user: slapd.bindDn, password: slapd.bindPassword },
      },
    },
    me: { sipServer: `127.0.0.1:${sipPort}`, renewSecret: true },
    state: 'sqlite::memory:',
    listen: { pbx: '127.0.0.1:0', web: '127.0.0.1:0' },
    asterisk: [{ name: 'pbx', ami, ari }],
    log: 'error',
  }
  const service = stack.use(await startService(parseConfig(stringify(config), 'staff.yaml', {})))
  await service.ready
  const realtime = `http://${service.pbx.host}:${service.pbx.port}`
  const asterisk = stack.use(await startAsterisk({ version: 22, realtime, ami, ari, sipPort }))
  await Promise.all([service.asterisks.settled(), service.ari.settled()])
  const browser = stack.use(await startBrowser())
  const base = `http://127.0.0.1:${service.web.port}`
  const find = (selector: string) => `document.querySelector(${JSON.stringify(selector)})`
  const fill = (selector: string, value: string) =>
    browser.evaluate<void>(`void (${find(selector)}.value = ${JSON.stringify(value)})`)
  const opened = stack.move()
  return {
    service,
    asterisk,
    browser,
    base,
    complaints: () => browser.complaints.filter((each) => !/status of (?:400|401|404)/.test(each)),
    fill,
    text: (selector) => browser.evaluate<string>(`${find(selector)}.innerText`),
    async signIn(name, password) {
      await browser.open(`${base}/people`)
      const isIn = `Boolean(${find('form[action="/logout"]')})`
      if (await browser.evaluate<boolean>(isIn))
        await browser.press('form[action="/logout"] button')
      await fill('#name', name)
      await fill('#password', password)
      await browser.press('form[action="/login"] button')
    },
    async setupLink(name, password) {
      const json = { 'content-type': 'application/json' }
      const body = JSON.stringify({ name, password })
      const entered = await fetch(`${base}/auth/login`, { method: 'POST', headers: json, body })
      const { csrf } = (await entered.json()) as { csrf: string }
      const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? ''
      const headers = { cookie, 'x-csrf-token': csrf }
      const made = await fetch(`${base}/api/me/setup-link`, { method: 'POST', headers })
      return base + ((await made.json()) as { path: string }).path
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

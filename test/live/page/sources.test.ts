import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBrowser, type Browser } from '../../rig/browser.ts'
import { startSlapd, type Slapd } from '../../rig/slapd.ts'
import { serveInProcess, type Served } from '../../support/served.ts'
import { entry } from '../../support/service.ts'

const attack = `"'><script>alert(1)</script>`
const people = ['ada', 'grace', 'linus']
  .map(
    (uid, index) => `dn: uid=${uid},ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid} ${attack}
sn: ${uid}
mail: ${uid}@example.org
telephoneNumber: 60${index + 1}
employeeNumber: 70${index + 1}
userPassword: hunter-${uid}
`,
  )
  .join('\n')

const config = (pbx: number, web: number) => `# Our telephones
site: { country: DE, extensionLength: [3, 5] } # Berlin

sources:
  # The door and the reception
  company:
    preset: openldap
    ldif: ./people.ldif # by hand

listen: { pbx: "127.0.0.1:${pbx}", web: "127.0.0.1:${web}" }
state: sqlite:./peerage.db
`

const local = entry('reception', 1, { cn: 'Reception', telephoneNumber: '501' })

async function signIn(browser: Browser, base: string, served: Served): Promise<void> {
  const shown = /superadmin, password \(shown this once\): (\S+)/
  await expect.poll(() => shown.exec(served.said())?.[1], { timeout: 20_000 }).toBeDefined()
  const [, password = ''] = shown.exec(served.said()) ?? []
  await browser.open(`${base}/login`)
  await fill(browser, { name: 'superadmin', password })
  await browser.press('form button')
}

async function fill(browser: Browser, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    const field = `document.querySelector('[name="${name}"]')`
    await browser.evaluate(`${field}.value = ${JSON.stringify(value)}`)
  }
}

/** Presses the button of a trial, and waits for its end. */
async function tries(browser: Browser, what: string): Promise<string> {
  await browser.press(`button[formaction*="/${what}?"]`)
  await browser.until(`!document.querySelector('#trials[aria-busy]')`)
  return browser.evaluate('document.querySelector("#trials").innerText')
}

function settingsOf(slapd: Slapd) {
  return {
    preset: 'openldap',
    servers: slapd.url,
    base: slapd.peopleBase,
    bindUser: slapd.bindDn,
    password: slapd.bindPassword,
    caFile: 'ca.pem',
  }
}

async function shoot(browser: Browser, name: string): Promise<void> {
  const shots = process.env['PEERAGE_SCREENSHOTS']
  for (const look of [
    { width: 1200, height: 850, dark: false },
    { width: 390, height: 844, dark: true },
  ]) {
    await browser.look(look)
    const wide = await browser.evaluate<number>('document.documentElement.scrollWidth')
    expect(wide, name).toBeLessThanOrEqual(look.width)
    if (!shots) continue
    mkdirSync(shots, { recursive: true })
    writeFileSync(join(shots, `${name}-${look.width}.png`), await browser.screenshot())
  }
}

async function ask({ url }: Served, extension: string): Promise<string> {
  const answer = await fetch(`${url}/ps_endpoints/single`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `id=${extension}`,
  })
  return answer.text()
}

test(
  'a source is added by preview, its change applied, and its people answer',
  { timeout: 180_000 },
  async () => {
    await using slapd = await startSlapd({ people })
    await using served = await serveInProcess({ ldif: local, config })
    await using browser = await startBrowser()
    copyFileSync(slapd.caFile, join(served.folder, 'ca.pem'))
    const base = `http://127.0.0.1:${served.web}`
    await signIn(browser, base, served)
    const before = readFileSync(join(served.folder, 'peerage.yaml'), 'utf8')

    await browser.press('a[href="/sources"]')
    await shoot(browser, 'sources')
    await fill(browser, { name: 'office' })
    await browser.press('form[action="/sources"] button')
    await fill(browser, { ...settingsOf(slapd), password: 'wrong', caFile: '/etc/passwd' })
    await browser.press('form.settings .actions button')
    expect(await browser.evaluate('document.querySelector("[role=alert]").innerText')).toContain(
      'sources.office.caFile is no file that may be named from here',
    )
    await shoot(browser, 'draft-wrong')

    await fill(browser, { caFile: 'ca.pem', password: 'wrong' })
    const refused = await tries(browser, 'connection')
    expect(refused).toContain('invalid credentials')
    await fill(browser, { password: slapd.bindPassword })
    const tested = await tries(browser, 'connection')
    for (const found of ['TLSv1.3', slapd.bindDn, 'exists', 'by syncrepl', '3 entries']) {
      expect(tested).toContain(found)
    }
    await shoot(browser, 'draft-connection')

    const attributes = await tries(browser, 'attributes')
    expect(attributes).toContain('telephoneNumber')
    expect(attributes).toMatch(/userPassword\s+3\s+not shown: it may be a secret/)
    const possible = await browser.evaluate('document.querySelector("details").textContent')
    expect(possible).toContain('carLicense')
    expect(attributes).not.toContain('hunter')
    await shoot(browser, 'draft-attributes')

    expect(await tries(browser, 'people')).toMatch(/601/)
    await fill(browser, { 'map.extension': 'employeeNumber', 'map.department': 'userPassword' })
    const preview = await tries(browser, 'people')
    expect(preview).toMatch(/702/)
    expect(preview).not.toContain('hunter')
    await fill(browser, { 'map.department': '' })
    const plan = await tries(browser, 'plan')
    expect(plan).toContain('It would be the first import')
    expect(plan).toContain('703')
    await shoot(browser, 'draft-plan')
    await browser.press('a[href="?as=text"]')
    await shoot(browser, 'draft-text')
    const page = await browser.evaluate<string>('document.documentElement.outerHTML')
    expect(page).not.toContain(slapd.bindPassword)

    // So far nothing happened to anybody.
    expect(readFileSync(join(served.folder, 'peerage.yaml'), 'utf8')).toBe(before)
    expect(await ask(served, '703')).toBe('')

    await browser.press('button[formaction*="/apply"]')
    await browser.until(`document.querySelector('.note.good')?.innerText.includes('in force')`)
    await browser.until(`document.querySelectorAll('.card h2').length === 3`)
    await served.logged('"source":"office"')
    while (!(await ask(served, '703')).includes('id=703')) await fetch(`${base}/healthz`)
    expect(await ask(served, '501')).toContain('id=501')
    const [secret = ''] = readdirSync(served.folder).filter((name) => name.endsWith('.password'))
    expect(statSync(join(served.folder, secret)).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(served.folder, secret), 'utf8')).toBe(slapd.bindPassword)
    const after = readFileSync(join(served.folder, 'peerage.yaml'), 'utf8')
    expect(after).not.toContain(slapd.bindPassword)
    const added = /  office:\n(?: {4}.*\n)+/.exec(after)?.[0] ?? ''
    expect(after.replace(added, '')).toBe(before)
    await shoot(browser, 'sources-after')

    // And out again: its people stay until somebody approves that they go.
    await browser.press('form[action="/sources/office/removal"] button')
    expect(await tries(browser, 'plan')).toMatch(/3 people would belong to no source/)
    await shoot(browser, 'draft-removal')
    await browser.press('button[formaction*="/apply"]')
    await browser.until(`document.querySelector('.note.good')?.innerText.includes('in force')`)
    await browser.until(`document.querySelectorAll('.card h2').length === 2`)
    expect(await ask(served, '703')).toContain('id=703')
    expect(readdirSync(served.folder).filter((name) => name.endsWith('.password'))).toEqual([])
    expect(served.said()).not.toContain(slapd.bindPassword)
    expect(browser.complaints.filter((each) => !/net::ERR_/.test(each))).toEqual([])
  },
)

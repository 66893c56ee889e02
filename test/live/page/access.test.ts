import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBrowser } from '../../rig/browser.ts'
import { entry, startTestService } from '../../support/service.ts'

const attack = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`
const ada = entry('ada', 1, { cn: 'Ada Lovelace', telephoneNumber: '501' })

const looks = [
  { width: 1200, height: 850, dark: false },
  { width: 390, height: 844, dark: true },
] as const

test('an administrator makes a token, sees it used, revokes it, gives the account another password, and finds all of it in the trail', async () => {
  await using company = await startTestService({ ldif: ada })
  await using browser = await startBrowser()
  const { service } = company
  const base = `http://127.0.0.1:${service.web.port}`
  const text = (selector: string) =>
    browser.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).innerText`)
  const fill = (selector: string, value: string) =>
    browser.evaluate<void>(
      `void (document.querySelector('${selector}').value = ${JSON.stringify(value)})`,
    )
  async function signIn(password: string): Promise<void> {
    await browser.open(`${base}/login`)
    await fill('#name', 'superadmin')
    await fill('#password', password)
    await browser.press('form[action="/login"] button')
  }
  const shots = process.env['PEERAGE_SCREENSHOTS']
  if (shots) mkdirSync(shots, { recursive: true })
  /** In each width: nothing is wider than the screen, and nothing of a name is markup. */
  async function lookAt(name: string): Promise<void> {
    for (const look of looks) {
      await browser.look(look)
      const wide = await browser.evaluate<number>('document.documentElement.scrollWidth')
      expect([name, look.width, wide]).toEqual([name, look.width, Math.min(wide, look.width)])
      const injected = 'document.querySelectorAll("main script, main img[src=x]").length'
      expect(await browser.evaluate(injected), name).toBe(0)
      if (!shots) continue
      writeFileSync(join(shots, `${name}-${look.width}.png`), await browser.screenshot())
    }
  }

  /** The page that is open, as a browser that wants German gets it. */
  const inGerman = () =>
    browser.evaluate<void>(`(async () => {
      const page = await fetch(location.href, { headers: { 'accept-language': 'de' } })
      const read = new DOMParser().parseFromString(await page.text(), 'text/html')
      document.body.replaceWith(read.body)
    })()`)

  await service.state.tokens.make(attack, ['read'])
  await signIn(service.newPassword ?? '')
  await browser.press('a[href="/access"]')
  await lookAt('access')
  await inGerman()
  expect(await text('h1')).toBe('Zugang')
  await lookAt('access-de')
  await browser.open(`${base}/access`)
  await fill('#name', 'wiki')
  await browser.evaluate(`document.querySelector('input[name=scope-lookup]').click()`)
  await browser.press('form[action="/access/tokens"] button')
  expect(await text('.made h2')).toBe('Token wiki for lookup (shown this once)')
  const token = await text('.made .secret')
  await lookAt('access-made')
  expect(await browser.evaluate('location.href')).not.toContain(token)

  const headers = { authorization: `Bearer ${token}` }
  const ask = () => fetch(`${base}/api/lookup?q=501`, { headers })
  expect(JSON.stringify(await (await ask()).json())).toContain('Ada Lovelace')
  await browser.open(`${base}/access`)
  expect(await text('tbody tr')).toMatch(/wiki\s.*lookup\s.*(?:now|ago)\s+127\.0\.0\.1/s)

  await browser.press('form[action="/access/tokens/wiki/revoke"] button')
  expect(await text('main')).toContain('Revoke this token?')
  await lookAt('access-question')
  expect((await ask()).status).toBe(200)
  await browser.press('button.danger')
  expect(await browser.evaluate('location.pathname')).toBe('/access')
  expect((await ask()).status).toBe(401)

  await browser.press('form[action="/access/accounts/superadmin/reset"] button')
  expect(await text('.note')).toContain('you will be signed out too')
  await browser.press('button.danger')
  await lookAt('access-password')
  const password = await text('.made .secret')
  await browser.open(`${base}/access`)
  expect(await browser.evaluate('location.pathname')).toBe('/login')
  await signIn(password)

  await browser.open(`${base}/access/trail`)
  await lookAt('trail')
  const done = await browser.evaluate<string[]>(
    `Array.from(document.querySelectorAll('tbody tr'), (row) => row.innerText.replace(/\\s+/g, ' '))`,
  )
  expect(done.map((row) => row.replace(/^.*? (?=Account)/, '').trim())).toEqual([
    'Account superadmin Signed in (page) – 127.0.0.1 done',
    'Account superadmin Gave an account a new password superadmin 127.0.0.1 done',
    'Account superadmin Revoked a token wiki 127.0.0.1 done',
    'Account superadmin Made a token wiki · lookup 127.0.0.1 done',
    'Account superadmin Signed in (page) – 127.0.0.1 done',
  ])
  await browser.press('nav.pills a[href="/access/trail?kind=change"]')
  expect(await browser.evaluate('document.querySelectorAll("tbody tr").length')).toBe(3)
  await inGerman()
  expect(await text('tbody tr')).toContain('Gab einem Konto ein neues Kennwort')
  await lookAt('trail-de')
  expect(browser.complaints).toEqual([])
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBrowser, type Browser } from '../../rig/browser.ts'
import { entry, startTestService, type TestService } from '../../support/service.ts'

const attack = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`
const ada = entry('ada', 1, { cn: 'Ada Lovelace', telephoneNumber: '501', ou: 'Engines' })
const grace = entry('grace', 2, { cn: 'Grace Hopper', telephoneNumber: '502', title: attack })
const evil = entry('evil', 3, { cn: attack, telephoneNumber: '503', mail: `${attack}@example.org` })

async function signIn(browser: Browser, base: string, { service }: TestService): Promise<void> {
  await browser.open(`${base}/login`)
  const password = JSON.stringify(service.newPassword)
  await browser.evaluate(`document.querySelector('#name').value = 'superadmin'`)
  await browser.evaluate(`document.querySelector('#password').value = ${password}`)
  await browser.press('form button')
}

test('an administrator signs in, finds somebody, disables him, and approves a held plan', async () => {
  await using company = await startTestService({
    ldif: ada + grace + evil,
    source: 'guard: { changes: 0, percent: 1 }',
  })
  await using browser = await startBrowser()
  const base = `http://127.0.0.1:${company.service.web.port}`
  await signIn(browser, base, company)
  expect(await browser.evaluate('document.title')).toBe('Overview · Peerage')

  // By itself, while somebody looks at it: a run is held.
  await company.change(ada + evil).catch(() => {})
  await browser.until(`document.querySelector('a[href="/plans/1"]')`)

  await browser.open(`${base}/people`)
  await browser.evaluate(`(() => {
    const box = document.querySelector('input[type=search]')
    box.value = 'ada'
    box.dispatchEvent(new Event('input', { bubbles: true }))
  })()`)
  await browser.until(`document.querySelectorAll('#list tbody tr').length === 1`)
  await browser.until(`location.search.includes('q=ada')`)
  await browser.press('#list tbody a')
  await browser.press('button.danger')
  expect(await company.ask('ps_endpoints/single', 'id=501')).toBe('')
  expect(await browser.evaluate('document.body.innerText')).toContain('administrator')

  await browser.press('form[action$="/reset-secret"] button')
  const secret = await browser.evaluate<string>(`document.querySelector('.secret').textContent`)
  const id = 'company/00000000-0000-4000-8000-000000000001'
  expect(company.service.state.secrets.sip(id)).toBe(secret)

  await browser.open(`${base}/plans/1`)
  await browser.press('form[action="/plans/1/approve"] button')
  expect(await browser.evaluate('document.querySelector(".badge").innerText')).toBe('approved')
  expect(await company.ask('ps_endpoints/single', 'id=502')).toBe('')
  expect(browser.complaints).toEqual([])
})

test('every page, at both widths and in both colours, runs nothing and is not wider than it', async () => {
  await using company = await startTestService({
    ldif: ada + evil,
    source: 'guard: { changes: 1, percent: 100 }',
  })
  await company.change(ada + evil + grace)
  await company.change(ada).catch(() => {})
  await using browser = await startBrowser()
  const base = `http://127.0.0.1:${company.service.web.port}`
  await signIn(browser, base, company)
  const shots = process.env['PEERAGE_SCREENSHOTS']
  if (shots) mkdirSync(shots, { recursive: true })
  const evilId = encodeURIComponent('company/00000000-0000-4000-8000-000000000003')
  const pages = ['', 'people', `people/${evilId}`, 'runs', 'runs/2', 'plans', 'plans/1', 'numbers']
  for (const look of [
    { width: 1200, height: 850, dark: false },
    { width: 390, height: 844, dark: true },
  ]) {
    await browser.look(look)
    for (const path of pages) {
      await browser.open(`${base}/${path}`)
      const wide = await browser.evaluate<number>('document.documentElement.scrollWidth')
      expect(wide, path).toBeLessThanOrEqual(look.width)
      const injected = 'document.querySelectorAll("main script, main img[src=x]").length'
      expect(await browser.evaluate(injected), path).toBe(0)
      if (!shots) continue
      const name = `${path.replaceAll('/', '-').slice(0, 12) || 'overview'}-${look.width}.png`
      writeFileSync(join(shots, name), await browser.screenshot())
    }
  }
  expect(browser.complaints).toEqual([])
})

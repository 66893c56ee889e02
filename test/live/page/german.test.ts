import { expect, test } from 'vitest'
import { startBrowser, type Browser } from '../../rig/browser.ts'
import { entry, startTestService } from '../../support/service.ts'

const ada = entry('ada', 1, { cn: 'Ada Lovelace', telephoneNumber: '501' })
const grace = entry('grace', 2, { cn: 'Grace Hopper', telephoneNumber: '502' })
const focused = 'document.activeElement.id'

async function type(browser: Browser, text: string): Promise<void> {
  await browser.evaluate(`(() => {
    const box = document.querySelector('input[type=search]')
    box.value = ${JSON.stringify(text)}
    box.dispatchEvent(new Event('input', { bubbles: true }))
  })()`)
}

test('a German browser gets German pages, and what changes by itself leaves the keyboard where it is', async () => {
  await using company = await startTestService({ ldif: ada + grace })
  await using browser = await startBrowser('de-DE')
  const base = `http://127.0.0.1:${company.service.web.port}`
  await browser.open(`${base}/login`)
  expect(await browser.evaluate('document.documentElement.lang')).toBe('de')
  await browser.evaluate(`document.querySelector('#name').value = 'superadmin'`)
  const password = JSON.stringify(company.service.newPassword)
  await browser.evaluate(`document.querySelector('#password').value = ${password}`)
  await browser.press('form button')
  expect(await browser.evaluate('document.title')).toBe('Übersicht · Peerage')

  await browser.evaluate(`document.querySelector('#read-company').focus()`)
  await browser.evaluate(`void (document.querySelector('#read-company').old = true)`)
  await company.change(ada)
  await browser.until(`!document.querySelector('#read-company').old`)
  expect(await browser.evaluate(focused)).toBe('read-company')

  // What is read out stays the same element; else a screen reader may say nothing.
  await browser.open(`${base}/people`)
  await browser.evaluate(`void (document.querySelector('#count').same = true)`)
  await type(browser, 'niemand')
  await browser.until(`document.querySelector('#count').innerText === '0 gefunden'`)
  expect(await browser.evaluate(`document.querySelector('#count[role=status]').same`)).toBe(true)
  await type(browser, 'ada')
  await browser.until(`document.querySelector('#count').innerText === '1 gefunden'`)
  expect(await browser.evaluate(`document.querySelectorAll('#list tbody tr').length`)).toBe(1)

  await browser.look({ width: 390, height: 844, dark: false })
  await browser.open(`${base}/nirgends`)
  expect(await browser.evaluate(`document.querySelector('h1').innerText`)).toBe(
    'Diese Seite gibt es nicht.',
  )
  expect(await browser.evaluate('document.documentElement.scrollWidth')).toBe(390)
  expect(browser.complaints.filter((each) => !each.includes('status of 404'))).toEqual([])
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPhone, type Phone } from '../../rig/phone.ts'
import { openStaff, type Staff } from './staff.ts'

let staff: Staff
beforeAll(async () => {
  staff = await openStaff()
})
afterAll(() => staff?.[Symbol.asyncDispose]())

const looks = [
  { width: 1200, height: 850, dark: false },
  { width: 1200, height: 850, dark: true },
  { width: 390, height: 844, dark: false },
  { width: 390, height: 844, dark: true },
] as const

/** Looks at the page in each width and colour; nothing is wider than the screen. */
async function lookAt(name: string): Promise<void> {
  const shots = process.env['PEERAGE_SCREENSHOTS']
  if (shots) mkdirSync(shots, { recursive: true })
  for (const look of looks) {
    await staff.browser.look(look)
    const wide = await staff.browser.evaluate<number>('document.documentElement.scrollWidth')
    expect([name, look.width, wide]).toEqual([name, look.width, Math.min(wide, look.width)])
    if (!shots) continue
    const file = `${name}-${look.width}-${look.dark ? 'dark' : 'light'}.png`
    writeFileSync(join(shots, file), await staff.browser.screenshot())
  }
}

/** A telephone that somebody sets up with nothing but what the page shows him. */
async function phoneFromPage(): Promise<Phone> {
  const codes = await staff.browser.evaluate<string[]>(
    `Array.from(document.querySelectorAll('.account code'), (code) => code.textContent)`,
  )
  const [server = '', user = '', secret = ''] = codes
  return openPhone({ server, user, secret })
}

test('a member of staff signs in with the directory password and sets up a telephone, and it registers', async () => {
  const { browser, base, signIn } = staff
  await signIn('ada', 'wrong')
  expect(await staff.text('.note')).toContain('wrong')
  await signIn('ada', 'engine-no-1')
  expect(await browser.evaluate('location.pathname')).toBe('/me')
  await lookAt('me')
  await browser.press('form[action="/me/telephone"] button')
  await lookAt('telephone')
  const link = await staff.text('code.link')
  await browser.open(link)
  await lookAt('setup')
  await browser.press('main button.main')
  await lookAt('account')
  await using phone = await phoneFromPage()
  expect(await phone.register()).toMatchObject({ status: 200 })
  await browser.open(link)
  expect(await staff.text('main')).toContain('over')
  await browser.open(`${base}/me`)
  expect(await staff.text('main')).toContain(`127.0.0.1:${phone.port}`)

  // The company is searched while he types, and a click rings his own telephone.
  await browser.evaluate(`(() => {
    const box = document.querySelector('input[type=search]')
    box.value = 'mueller'
    box.dispatchEvent(new Event('input', { bubbles: true }))
  })()`)
  await browser.until(`document.querySelector('.colleagues')?.innerText.includes('Zoë')`)
  await lookAt('search')
  await browser.press('.colleagues form[action="/me/call"] button')
  const ringing = await phone.incoming()
  expect(ringing.from).toEqual({ name: 'Zoë Müller', number: '502' })
  await ringing.refuse()
  expect(await staff.text('.note')).toContain('rings now')

  // Another secret: what he had set up is silent.
  await browser.evaluate(`document.querySelector('details').open = true`)
  await browser.press('form[action="/me/secret"] button')
  expect(await staff.text('.note')).toContain('new SIP secret')
  expect((await phone.register()).status).toBe(401)
  expect(staff.complaints()).toEqual([])
})

test('the PIN is changed on the page, without scripts too, and refused in words', async () => {
  const { browser, service, signIn, fill } = staff
  await signIn('ada', 'engine-no-1')
  const ada = service.people.byExtension('501')?.id ?? ''
  await fill('#pin-new', '4321')
  await fill('#pin-again', '4321')
  await browser.press('form[action="/me/pin"] button')
  expect(await staff.text('.note.bad')).toContain('guessed at once')
  await lookAt('pin-refused')
  await fill('#pin-new', '8274')
  await fill('#pin-again', '8274')
  await browser.press('form[action="/me/pin"] button')
  expect(await staff.text('.note.good')).toContain('changed')
  expect(service.state.secrets.voicemailPin(ada)).toBe('8274')
})

test('an administrator disables somebody: his telephone and his page know him no more', async () => {
  const { browser, base, service, signIn } = staff
  await signIn('zoe', 'zoes-own')
  const zoes = await browser.evaluate<string>('document.documentElement.lang')
  expect(zoes).toBe('en')
  await browser.press('form[action="/me/telephone"] button')
  const link = await staff.text('code.link')
  const secret = service.state.secrets.sip(service.people.byExtension('502')?.id ?? '') ?? ''
  const { sipServer } = staff.asterisk
  await using phone = await openPhone({ server: sipServer, user: '502', secret })
  expect((await phone.register()).status).toBe(200)

  await signIn('superadmin', service.newPassword ?? '')
  await browser.open(`${base}/people?q=zoe`)
  await browser.press('#list tbody a')
  await browser.press('button.danger')
  expect(await staff.text('main')).toContain('Disabled because')
  expect((await phone.register()).status).not.toBe(200)
  expect((await fetch(link)).status).toBe(404)
  await signIn('zoe', 'zoes-own')
  expect(await staff.text('.note')).toContain('disabled')

  await signIn('superadmin', service.newPassword ?? '')
  await browser.open(`${base}/people?q=zoe`)
  await browser.press('#list tbody a')
  await browser.press('form[action$="/enable"] button')
  expect((await phone.register()).status).toBe(200)
  await browser.press('form[action$="/reset-secret"] button')
  const fresh = await staff.text('code.secret')
  expect((await phone.register()).status).toBe(401)
  await using again = await openPhone({ server: sipServer, user: '502', secret: fresh })
  expect((await again.register()).status).toBe(200)
})

test('an administrator makes an address for a desk phone, sees what it shows, and revokes it', async () => {
  const { browser, base, service, signIn, fill } = staff
  await signIn('superadmin', service.newPassword ?? '')
  await browser.open(`${base}/phones`)
  await fill('#vendor', 'snom')
  await fill('#device', '000413aabbcc')
  await browser.press('form[action="/phones"] button')
  await lookAt('phones-made')
  const url = await staff.text('code.link')
  expect(await (await fetch(`${url}/menu.xml`)).text()).toContain('<?xml')
  await browser.open(`${base}/phones`)
  expect(await staff.text('table')).toContain('000413aabbcc')
  await lookAt('phones')
  await fill('#preview-vendor', 'yealink')
  await browser.press('form[action="/phones/preview"] button')
  expect(await staff.text('table')).toContain('Müller')
  await lookAt('phone-preview')
  await browser.open(`${base}/phones`)
  await browser.press('form[action$="/revoke"] button')
  expect(await staff.text('main')).toContain('No phone has a token')
  expect((await fetch(`${url}/menu.xml`)).status).toBe(401)
  expect(staff.complaints()).toEqual([])
})

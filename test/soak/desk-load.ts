import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'ldapts'
import { Channel } from '../agi/channel.ts'
import type { Company, CompanyPerson } from '../rig/company.ts'
import { runPeerage } from '../support/process.ts'
import type { Tally } from './tally.ts'

/** What asks beside Asterisk's realtime: desk phones, an administrator, the dialplan. */
export interface Desk {
  readonly people: readonly CompanyPerson[]
  readonly company: Company
  /** Documents of a phone of each maker; with `find`, one searches in them. */
  readonly books: readonly { readonly vendor: string; readonly url: string }[]
  /** A phone's, for LDAP. */
  readonly token: string
  /** Of an administrator who is signed in. */
  readonly cookie: string
}

const vendors = ['grandstream', 'snom', 'yealink', 'cisco', 'mitel', 'poly', 'fanvil', 'gigaset']

/** Lets the phones and the administrator in, by the commands. */
export async function openDesk(company: Company): Promise<Desk> {
  const { people, folder, ports } = company
  const ask = async (...args: readonly string[]): Promise<string> => {
    const { code, text } = await runPeerage([...args], folder)
    if (code !== 0) throw new Error(`peerage ${args.join(' ')}: ${text}`)
    return text
  }
  const books: { vendor: string; url: string }[] = []
  let token = ''
  for (const vendor of vendors) {
    const text = await ask('phone-url', '--vendor', vendor, '--device', `${vendor}-1`, '--json')
    // As answers/admin/phones.ts makes it; a hint about the address may follow.
    const made = JSON.parse(text.slice(0, text.lastIndexOf('}') + 1)) as {
      token: string
      forms: Readonly<Record<string, string>>
    }
    token = made.token
    for (const [form, url] of Object.entries(made.forms)) {
      if (form === 'find' || /^(book|phonebook|tbook|directory)\.xml$/.test(form)) {
        books.push({ vendor, url })
      }
    }
  }
  const password = /: (\S+)\s*$/.exec(await ask('account', 'reset'))?.[1] ?? ''
  const entered = await fetch(`http://127.0.0.1:${ports.web}/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ name: 'superadmin', password }),
  })
  const [cookie = ''] = (entered.headers.get('set-cookie') ?? '').split(';')
  if (cookie === '') throw new Error(`the administrator was not let in: ${entered.status}`)
  return { people, company, books, token, cookie }
}

/** Phones of several makers read the whole book, or search somebody. */
export async function keepReading(desk: Desk, tally: Tally, signal: AbortSignal): Promise<void> {
  const { books } = desk
  for (let turn = 0; !signal.aborted; turn++) {
    const { vendor = '', url = '' } = books[turn % books.length] ?? {}
    const { extension } = somebody(desk)
    await tally.try(async () => {
      const asked = url.endsWith('/find') ? `${url}?q=${extension}` : url
      const { status, text } = await get(asked)
      if (status !== 200 || !text.includes(extension)) {
        throw new Error(`${vendor} ${asked.slice(-16)}: ${status} ${text.slice(0, 200)}`)
      }
    })
    await delay(50)
  }
}

/** A phone searches by LDAP, over a connection of its own each time. */
export async function keepSearching(desk: Desk, tally: Tally, signal: AbortSignal): Promise<void> {
  const { company, token } = desk
  while (!signal.aborted) {
    const { extension } = somebody(desk)
    await tally.try(async () => {
      const url = `ldap://127.0.0.1:${company.ports.ldap}`
      const client = new Client({ url, timeout: 5_000, connectTimeout: 1_000 })
      try {
        await client.bind('phone', token)
        const filter = `(telephoneNumber=${extension})`
        const { searchEntries } = await client.search('dc=peerage', { scope: 'sub', filter })
        if (searchEntries.length !== 1) {
          throw new Error(`${extension}: ${searchEntries.length} entries`)
        }
      } finally {
        await client.unbind().catch(() => undefined)
      }
    })
    await delay(300) // no phone asks more often for long, and none that does is answered
  }
}

/** An administrator goes through the pages, and a monitor reads the figures. */
export async function keepLookingAtPages(
  desk: Desk,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const { company, cookie } = desk
  const pages = ['/', '/people', '/runs', '/plans', '/numbers', '/metrics', '/healthz']
  for (let turn = 0; !signal.aborted; turn++) {
    const page = pages[turn % pages.length] ?? '/'
    await tally.try(async () => {
      const { status } = await get(`http://127.0.0.1:${company.ports.web}${page}`, { cookie })
      if (status !== 200) throw new Error(`${page}: ${status}`)
    })
    await delay(200)
  }
}

/** The dialplan asks by FastAGI who is calling. */
export async function keepAskingByAgi(
  desk: Desk,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const { agi: port } = desk.company.ports
  while (!signal.aborted) {
    const { extension } = somebody(desk)
    await tally.try(async () => {
      const environment = { callerid: extension }
      const channel = await Channel.run({ port, script: 'caller?inside', environment })
      const known = channel.variables.get('PEERAGE_EXTENSION')
      if (known !== extension) throw new Error(`${extension} is ${known}`)
    })
    await delay(50)
  }
}

function somebody({ people }: Desk): CompanyPerson {
  const person = people[Math.floor(Math.random() * people.length)]
  if (!person) throw new Error('there is nobody')
  return person
}

async function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.timeout(5_000)
  const answer = await fetch(url, { headers, redirect: 'manual', signal })
  return { status: answer.status, text: await answer.text() }
}

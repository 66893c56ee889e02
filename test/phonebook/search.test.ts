import { describe, expect, test } from 'vitest'
import { named, openOffice, type Office } from './office.ts'

const company = [
  named('503', 'Anna', 'Müller'),
  named('520', 'Jan', 'Mucha', { details: { department: 'Wareneingang' } }),
  named('521', 'Ana', 'Muñoz'),
  named('522', 'Max', 'Mueller'),
  named('523', 'Łukasz', 'Żółkiewski'),
  named('524', 'Ωμέγα', 'Παπαδόπουλος'),
  named('525', 'Оксана', 'Ткаченко'),
  named('526', 'Wei', 'Wang', { name: '王伟' }),
  named('527', 'Seán', "O'Brien", { mobile: '+491701234567' }),
  named('528', 'Zoë', 'Weiß'),
]

async function find(office: Office, term: string): Promise<string[]> {
  const text = await office.read(`neutral/TOKEN/find.json?q=${encodeURIComponent(term)}`)
  return (JSON.parse(text) as { contacts: { shown: string }[] }).contacts.map(({ shown }) => shown)
}

describe('one search for every phone', () => {
  test.each([
    ['mueller', ['Mueller Max', 'Müller Anna']],
    ['muller', ['Müller Anna']],
    ['Mül', ['Mueller Max', 'Müller Anna']],
    ['MÜLLER', ['Mueller Max', 'Müller Anna']],
    ['6855', ['Müller Anna']],
    ['683', ['Mueller Max', 'Müller Anna']],
    ['zolk', ['Żółkiewski Łukasz']],
    ['Żół', ['Żółkiewski Łukasz']],
    ['παπαδο', ['Παπαδόπουλος Ωμέγα']],
    ['papado', ['Παπαδόπουλος Ωμέγα']],
    ['ткач', ['Ткаченко Оксана']],
    ['tkach', ['Ткаченко Оксана']],
    ['王', ['王伟']],
    ['wang', ['王伟']],
    ['weiss', ['Weiß Zoë']],
    ['weiß', ['Weiß Zoë']],
    ['zoe', ['Weiß Zoë']],
    ["o'brien", ["O'Brien Seán"]],
    ['brien', ["O'Brien Seán"]],
    ['wareneingang', ['Mucha Jan']],
    ['ana mun', ['Muñoz Ana']],
    ['523', ['Żółkiewski Łukasz']],
    ['+49 170 123', ["O'Brien Seán"]],
    ['0049170', ["O'Brien Seán"]],
    ['0170 1234567', ["O'Brien Seán"]],
    ['nobody at all', []],
    ['qqq', []],
  ])('%s', async (term, names) => {
    await using office = await openOffice(company)
    expect(await find(office, term)).toEqual(names)
  })

  test('the order is that of the language', async () => {
    await using office = await openOffice(company)
    const names = await find(office, '')
    expect(names.slice(0, 4)).toEqual(['Mucha Jan', 'Mueller Max', 'Müller Anna', 'Muñoz Ana'])
    expect(names).toHaveLength(10)
  })

  test.each(['*', '(', '\\', '\0', '*()\\', '#SEARCH', '__X__', '   ', '%', "'; drop table"])(
    'the term %j is only a text',
    async (term) => {
      await using office = await openOffice(company)
      expect((await office.ask(`snom/TOKEN/find?q=${encodeURIComponent(term)}`)).status).toBe(200)
    },
  )
})

describe('pages', () => {
  const many = Array.from({ length: 71 }, (_, at) =>
    named(String(600 + at), `N${at % 7}`, `Berg${at}`),
  )
  const walk = async (office: Office, meanwhile?: (page: number) => void) => {
    const shown: string[] = []
    let url: string | null = 'neutral/TOKEN/find.json?q=berg&limit=10'
    for (let page = 0; url !== null; page++) {
      const text: string = await office.read(url)
      const { contacts, next } = JSON.parse(text) as {
        contacts: { shown: string }[]
        next: string | null
      }
      shown.push(...contacts.map((contact) => contact.shown))
      meanwhile?.(page)
      url = next === null ? null : next.replace('http://pb.example/pb/', '')
    }
    return shown
  }

  test('lead through everybody, without gap or repeat', async () => {
    await using office = await openOffice(many)
    const shown = await walk(office)
    expect(shown).toHaveLength(71)
    expect(new Set(shown).size).toBe(71)
    expect(shown).toEqual(shown.toSorted(new Intl.Collator('de', { numeric: true }).compare))
  })

  test('stay those of the list that was begun, whoever comes or goes meanwhile', async () => {
    await using office = await openOffice(many)
    const shown = await walk(office, (page) => {
      office.put(named(String(800 + page), 'New', `Berg${page}a`))
      office.remove(`test/${600 + page}`)
    })
    expect(shown).toHaveLength(71)
    expect(new Set(shown).size).toBe(71)
    expect(await find(office, 'new')).toHaveLength(8)
  })

  test.each([
    'offset=-1',
    'offset=1e9',
    'offset=abc',
    'offset=999999999',
    'limit=-1',
    'limit=0',
    'limit=99999999',
  ])('%s is answered with a document', async (query) => {
    await using office = await openOffice(many)
    const { status, body } = await office.ask(`cisco/TOKEN/find?${query}`)
    expect(status).toBe(200)
    expect(body.toString().match(/<DirectoryEntry>/g)?.length).toBeLessThanOrEqual(32)
  })
})

describe('a change in the directory', () => {
  test('is in the next answer, at its place in the order', async () => {
    await using office = await openOffice(company)
    expect(await find(office, '')).toHaveLength(10)
    office.put(named('530', 'Bea', 'Mucke'), named('503', 'Anna', 'Zander'))
    office.remove('test/521')
    const names = await find(office, '')
    expect(names.slice(0, 3)).toEqual(['Mucha Jan', 'Mucke Bea', 'Mueller Max'])
    expect(names).not.toContain('Müller Anna')
    expect(names).not.toContain('Muñoz Ana')
    expect(names.indexOf('Zander Anna')).toBeGreaterThan(names.indexOf('Weiß Zoë'))
  })

  test('of very many at once, too', async () => {
    await using office = await openOffice(company)
    expect(await find(office, 'berg')).toEqual([])
    const many = Array.from({ length: 3000 }, (_, at) =>
      named(String(2000 + at), null, `Berg ${at}`),
    )
    const asked = find(office, '')
    office.put(...many)
    await asked
    const text = await office.read('neutral/TOKEN/find.json?q=berg&limit=1')
    expect(JSON.parse(text)).toMatchObject({ total: 3000 })
  })

  test('that frees an extension gives it to who else wants it', async () => {
    const first = named('501', 'Ina', 'Berg', { mobile: '+491700000001' })
    const second = named('501', 'Otto', 'Tal', { id: 'test/other', mobile: '+491700000002' })
    await using office = await openOffice([first, second])
    expect(await office.read('neutral/TOKEN/contacts.csv')).toMatch(/^Tal Otto,.*,,,001700000002/m)
    office.remove(first.id)
    expect(await office.read('neutral/TOKEN/contacts.csv')).toMatch(
      /^Tal Otto,.*,501,,001700000002/m,
    )
  })
})

import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ContactIndex } from '../../src/answers/phonebook/search/contact-index.ts'
import { needles } from '../../src/answers/phonebook/search/haystack.ts'
import type { Snapshot } from '../../src/answers/phonebook/search/snapshot.ts'
import { inOneLine } from '../../src/turns.ts'
import { compileView } from '../../src/answers/phonebook/view.ts'
import { named, openOffice, site, type Office } from './office.ts'

const view = compileView('staff', { language: 'de' }, site)
const crowd = (count: number, name: string) =>
  Array.from({ length: count }, (_, at) => named(String(2000 + at), 'N', `${name} ${at}`))

function names(snapshot: Snapshot, term = ''): string[] {
  return Array.from(snapshot.matching(needles(term)), ({ shown }) => shown)
}

/** As somebody sees it who comes only now. */
async function anew(office: Office): Promise<Snapshot> {
  using index = new ContactIndex(office.people, view, inOneLine())
  return await index.snapshot()
}

describe('the order of a view', () => {
  test('is right after every single change, however many there are', async () => {
    await using office = await openOffice(crowd(300, 'Berg'))
    using index = new ContactIndex(office.people, view, inOneLine())
    await index.snapshot()
    for (let at = 0; at < 700; at++) {
      const id = String(2000 + ((at * 7) % 400))
      if (at % 5 === 4) office.remove(`test/${id}`)
      else office.put(named(id, `V${at}`, at % 3 === 0 ? `Aal ${at}` : `Tal ${at % 50}`))
      if (at % 50 !== 0) continue
      const [kept, fresh] = [await index.snapshot(), await anew(office)]
      expect(names(kept)).toEqual(names(fresh))
      expect(names(kept, 'aal')).toEqual(names(fresh, 'aal'))
      expect(kept.size).toBe(fresh.size)
    }
  })

  test('is given out as it is while nobody changes', async () => {
    await using office = await openOffice(crowd(3, 'Berg'))
    using index = new ContactIndex(office.people, view, inOneLine())
    const first = await index.snapshot()
    expect(await index.snapshot()).toBe(first)
    office.put(named('2001', 'N', 'Tal'))
    expect((await index.snapshot()).version).toBeGreaterThan(first.version)
    expect(names(first)).toEqual(['Berg 0 N', 'Berg 1 N', 'Berg 2 N'])
  })

  test('knows who came while it was made', async () => {
    await using office = await openOffice(crowd(5000, 'Berg'))
    using index = new ContactIndex(office.people, view, inOneLine())
    const asked = index.snapshot()
    await setImmediate()
    office.put(named('9000', 'Ada', 'Aal'))
    office.remove('test/2000')
    expect(names(await asked).slice(0, 2)).toEqual(['Aal Ada', 'Berg 1 N'])
  })
})

describe('a change of very many at once', () => {
  test('keeps nobody waiting who has no patience: he sees the order before it', async () => {
    await using office = await openOffice(crowd(10, 'Berg'))
    using index = new ContactIndex(office.people, view, inOneLine(), 0)
    const before = await index.snapshot()
    office.put(...crowd(3000, 'Tal'))
    const meanwhile = await index.snapshot()
    expect(names(meanwhile)).toEqual(names(before))
    office.put(named('9000', 'Ada', 'Aal'))
    expect(names(await index.snapshot())[0]).toBe('Aal Ada')
    let after = meanwhile
    while (after.size < 3000) after = await index.snapshot()
    expect(names(after)).toEqual(names(await anew(office)))
    expect(after.version).toBeGreaterThan(meanwhile.version)
  })
})

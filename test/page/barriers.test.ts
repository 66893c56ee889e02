import { beforeAll, describe, expect, test } from 'vitest'
import { words } from '../../src/answers/page/words.ts'
import { barriersOf } from './barriers.ts'
import { elementsOf } from './elements.ts'
import { everyPage, type Pages } from './every-page.ts'

describe.each(['en', 'de'] as const)('every page in %s', (language) => {
  let pages: Pages
  beforeAll(async () => {
    pages = await everyPage(language)
  }, 120_000)

  test('comes as a page', () => {
    for (const [name, html] of Object.entries(pages)) {
      expect([name, html.slice(0, 15)]).toEqual([name, '<!doctype html>'])
    }
  })

  test('is complete for who does not see it, or has no mouse', () => {
    const found = Object.entries(pages).map(([name, html]) => [name, barriersOf(html, language)])
    expect(found.filter(([, barriers]) => barriers?.length)).toEqual([])
  })

  test('says nothing in the other language, but for messages that are marked as English', () => {
    const other = language === 'en' ? 'de' : 'en'
    const own = new Set(Object.values(words[language]))
    const foreign = new Set(Object.values(words[other]).filter((each) => !own.has(each)))
    const found = Object.entries(pages).flatMap(([name, html]) =>
      piecesOf(html)
        .filter((piece) => foreign.has(piece) || isSentenceOf(foreign, piece))
        .map((piece) => `${name}: ${piece}`),
    )
    expect(found).toEqual([])
  })
})

test('codes of the service are told in German words', async () => {
  const codes = /\b(?:start|request|administrator|remove|healed|work|home|department|officeZip)\b/
  const pages = Object.entries(await everyPage('de'))
  // The first token has that name.
  const found = pages.map(([name, html]) => [
    name,
    piecesOf(html).filter((each) => codes.test(each.replace('first start', ''))),
  ])
  expect(found.filter(([, pieces]) => pieces?.length)).toEqual([])
}, 60_000)

/** The texts that are shown or read out, but for those that are marked as another language. */
function piecesOf(html: string): string[] {
  const shown = elementsOf(html).filter(({ tag, attributes, ancestors }) => {
    const isMarked = [...ancestors, { tag, attributes }].some(
      (each) => each.tag !== 'html' && 'lang' in each.attributes,
    )
    return !isMarked && !['pre', 'code', 'textarea', 'option'].includes(tag)
  })
  return shown.flatMap(({ pieces, attributes }) => [
    ...pieces.map((piece) => piece.replace(/^[←→ ]+|[:.→ ]+$/g, '')),
    ...['aria-label', 'placeholder', 'data-label', 'title'].flatMap(
      (name) => attributes[name] ?? [],
    ),
  ])
}

function isSentenceOf(foreign: ReadonlySet<string>, piece: string): boolean {
  return [...foreign].some((each) => each.length > 20 && piece.includes(each))
}

test('barriers are found', () => {
  const html = `<html lang="en"><h1>A</h1><h3>B</h3><input><th>C</th><button></button><nav></nav>
    <label for="gone">D</label><i id="a"></i><i id="a"></i><img><span class="badge good"></span></html>`
  expect(barriersOf(html, 'de')).toHaveLength(10)
})

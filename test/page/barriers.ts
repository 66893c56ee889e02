import { elementsOf, type Element } from './elements.ts'

/** What of a page would stop somebody who does not see it, or has no mouse (WCAG 2.2, A and AA). */
export function barriersOf(html: string, language: string): string[] {
  const all = elementsOf(html)
  const byTag = (...tags: string[]) => all.filter(({ tag }) => tags.includes(tag))
  const ids = all.flatMap(({ attributes }) => attributes['id'] ?? [])
  const fors = byTag('label').map(({ attributes }) => attributes['for'])
  const isLabelled = ({ attributes, ancestors }: Element) =>
    Boolean(attributes['aria-label']) ||
    (attributes['id'] !== undefined && fors.includes(attributes['id'])) ||
    ancestors.some(({ tag, text }) => tag === 'label' && text !== '')

  return [
    ...complain('is not the language of the page', byTag('html'), (html) => {
      return html.attributes['lang'] !== language
    }),
    ...complain('has no label', byTag('input', 'select', 'textarea'), (field) => {
      return field.attributes['type'] !== 'hidden' && !isLabelled(field)
    }),
    ...complain('has no scope', byTag('th'), ({ attributes }) => !attributes['scope']),
    ...complain('is an empty heading', byTag('th', 'h1', 'h2', 'h3', 'h4'), (each) => !each.text),
    ...complain('has no name', byTag('button', 'a', 'summary'), (each) => nameOf(each) === ''),
    ...complain('is not called what it shows', byTag('button', 'a'), (each) => {
      return !nameOf(each).startsWith(each.text)
    }),
    ...complain('has no alternative', byTag('img'), ({ attributes }) => !('alt' in attributes)),
    ...complain('has no alternative', byTag('svg'), (each) => !each.attributes['aria-label']),
    ...complain('has no name', byTag('nav'), (each) => !each.attributes['aria-label']),
    ...complain('tells by its colour only', all, ({ attributes, text }) => {
      return /\b(?:badge|note)\b/.test(attributes['class'] ?? '') && text === ''
    }),
    ...complain('points nowhere', all, ({ attributes }) => {
      const pointed = [attributes['for'], attributes['aria-describedby'], attributes['list']]
      return pointed.some((id) => id !== undefined && !ids.includes(id))
    }),
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `#${id} is there twice`),
    ...jumpsOf(byTag('h1', 'h2', 'h3', 'h4')),
  ]
}

function complain(
  what: string,
  elements: readonly Element[],
  isBad: (element: Element) => boolean,
): string[] {
  return elements.filter(isBad).map(({ tag, attributes, text }) => {
    return `<${tag} ${JSON.stringify(attributes)}>${text.slice(0, 40)} ${what}`
  })
}

function nameOf({ attributes, text }: Element): string {
  return attributes['aria-label'] ?? text
}

/** One `h1`, and no level left out on the way down. */
function jumpsOf(headings: readonly Element[]): string[] {
  const levels = headings.map(({ tag }) => Number(tag.slice(1)))
  const firsts = levels.filter((level) => level === 1).length
  const jumps = headings.filter((_, at) => (levels[at] ?? 1) > (levels[at - 1] ?? 0) + 1)
  return [
    ...(firsts === 1 ? [] : [`${firsts} headings of the first level`]),
    ...jumps.map(({ tag, text }) => `${tag} '${text}' leaves out a level`),
  ]
}

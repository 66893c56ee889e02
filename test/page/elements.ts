/** An element of a page, as far as it matters to who does not see the page. */
export interface Element {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly ancestors: readonly Element[]
  /** All text inside, without the blanks around it. */
  text: string
  /** The text that stands in it directly, piece by piece. */
  readonly pieces: string[]
}

const isVoid = /^(?:meta|link|img|input|br|rect|path|option)$/
const token = /<(\/?)([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>|([^<]+)/g
const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
}

/** The elements of a page in their order; throws where one is not closed as it was opened. */
export function elementsOf(html: string): Element[] {
  const all: Element[] = []
  const open: Element[] = []
  for (const [, end, tag = '', attributes = '', text] of html.matchAll(token)) {
    if (text !== undefined) note(open, textOf(text).trim())
    else if (end) close(open, tag)
    else {
      const element = {
        tag,
        attributes: attributesOf(attributes),
        ancestors: [...open],
        text: '',
        pieces: [],
      }
      all.push(element)
      if (!isVoid.test(tag)) open.push(element)
    }
  }
  return all
}

function note(open: readonly Element[], text: string): void {
  if (text === '') return
  open.at(-1)?.pieces.push(text)
  for (const element of open) element.text = `${element.text} ${text}`.trim()
}

function close(open: Element[], tag: string): void {
  if (isVoid.test(tag)) return
  const last = open.pop()
  if (last?.tag !== tag) throw new Error(`</${tag}> closes <${last?.tag}>`)
}

function attributesOf(text: string): Record<string, string> {
  const found = text.matchAll(/([\w:-]+)(?:="([^"]*)"|='([^']*)')?/g)
  return Object.fromEntries(
    Array.from(found, ([, name = '', one, other]) => [name, textOf(one ?? other ?? '')]),
  )
}

function textOf(escaped: string): string {
  return escaped.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (each) => entities[each] ?? each)
}

import { isDeepStrictEqual } from 'node:util'
import { isCollection, isMap, isScalar, parseDocument, Document, type Pair } from 'yaml'

/** The configuration's text is such that one source in it cannot be changed by a program. */
export class SourceNotEditable extends Error {
  override name = 'SourceNotEditable'
  code = 'SOURCE_NOT_EDITABLE' as const
}

/** The names of the sources, in their order. Throws `SourceNotEditable` for what is no YAML. */
export function sourceNames(text: string): string[] {
  return Object.keys(sourcesIn(parsed(text)))
}

/** The options of one source as YAML of their own, as they are written; null: there is none. */
export function sourceText(text: string, name: string): string | null {
  const block = findBlock(unixLines(text), name)
  return block?.options ?? null
}

/**
 * The text with other options for a source, which is added when it is not there; null removes it.
 * Everything else stays as it is written, to the last blank and comment. `options` is YAML that
 * stands for itself. Throws `SourceNotEditable` where that cannot be done.
 */
export function withSource(text: string, name: string, options: string | null): string {
  const source = unixLines(text)
  const before = plain(parsed(source)) as Readonly<Record<string, unknown>> | null
  const sources = { ...sourcesIn(parsed(source)) }
  if (options === null) delete sources[name]
  else sources[name] = plain(parsed(options))
  const wanted = { ...before, sources }
  for (const edit of [spliced, rewritten]) {
    const edited = edit(source, name, options)
    if (edited === null || !isDeepStrictEqual(read(edited), wanted)) continue
    return text.includes('\r\n') ? edited.replaceAll('\n', '\r\n') : edited
  }
  throw new SourceNotEditable(
    `sources.${name} is written in a way that only a person can change (anchors, several documents); edit the file`,
  )
}

interface Block {
  /** Offset of the line of its name. */
  readonly start: number
  /** Offset behind its last line. */
  readonly end: number
  readonly indent: string
  /** The line of its name, if the options begin below it. */
  readonly head: string | null
  readonly options: string
}

/** Where a source stands, by the rule that all that is its own is further in than its name. */
function findBlock(text: string, name: string): Block | null {
  const pair = pairOf(parsed(text), name)
  const range = isScalar(pair?.key) ? pair.key.range : null
  const value = pair?.value
  if (!range) return null
  const start = text.lastIndexOf('\n', range[0]) + 1
  const indent = text.slice(start, range[0])
  const firstEnd = endOfLine(text, start)
  let end = firstEnd
  for (let at = firstEnd; at < text.length;) {
    const next = endOfLine(text, at)
    const line = text.slice(at, next)
    const isBlank = line.trim() === ''
    if (!isBlank && !/^\s/.test(line.slice(indent.length))) break
    if (!isBlank && !line.startsWith(indent)) break
    if (!isBlank) end = next
    at = next
  }
  const isBelow = isCollection(value) && (value.range?.[0] ?? 0) >= firstEnd
  const own = isCollection(value) && value.range ? text.slice(value.range[0], value.range[1]) : ''
  const options = isBelow ? dedent(text.slice(firstEnd, end)) : `${dedent(own).trimEnd()}\n`
  const head = isBelow ? text.slice(start, firstEnd) : null
  return { start, end, indent, head, options }
}

/** Null: the sources do not stand below each other. */
function spliced(text: string, name: string, options: string | null): string | null {
  const sources = parsed(text).get('sources')
  if (!isMap(sources) || sources.flow === true) return null
  const block = findBlock(text, name)
  if (!block) return options === null ? text : added(text, name, options)
  if (options === null) return text.slice(0, remarksAbove(text, block)) + text.slice(block.end)
  const head = block.head ?? `${block.indent}${name}:\n`
  const body = indented(options, `${block.indent}  `)
  return text.slice(0, block.start) + head + body + text.slice(block.end)
}

function added(text: string, name: string, options: string): string | null {
  const last = sourceNames(text).at(-1)
  const block = last === undefined ? null : findBlock(text, last)
  if (!block) return null
  const { indent, end } = block
  const above = text.slice(0, end)
  const gap = above.endsWith('\n') ? '' : '\n'
  return `${above}${gap}${indent}${name}:\n${indented(options, `${indent}  `)}${text.slice(end)}`
}

/** Comments right above a source are about it. */
function remarksAbove(text: string, { start, indent }: Block): number {
  let from = start
  while (from > 0) {
    const line = text.lastIndexOf('\n', from - 2) + 1
    if (!text.slice(line, from).startsWith(`${indent}#`)) break
    from = line
  }
  return from
}

/** For sources between braces: they alone are written anew. */
function rewritten(text: string, name: string, options: string | null): string | null {
  const document = parsed(text)
  const before = document.get('sources')
  if (options === null) document.deleteIn(['sources', name])
  else document.setIn(['sources', name], parsed(options).contents)
  const [from, to] = (isMap(before) && before.range) || []
  try {
    if (from === undefined || to === undefined) return document.toString({ lineWidth: 0 })
    const sources = new Document(document.get('sources')).toString({ lineWidth: 0 })
    return text.slice(0, from) + sources.trimEnd() + text.slice(to)
  } catch {
    return null // what an alias stood for went
  }
}

function pairOf(document: Document, name: string): Pair | undefined {
  const sources = document.get('sources')
  if (!isMap(sources)) return undefined
  return sources.items.find(({ key }) => isScalar(key) && key.value === name)
}

function sourcesIn(document: Document): Record<string, unknown> {
  const all = plain(document) as { readonly sources?: Record<string, unknown> } | null
  const { sources } = all ?? {}
  return typeof sources === 'object' && sources !== null ? sources : {}
}

function parsed(text: string): Document {
  const document = parseDocument(text)
  const [error] = document.errors
  // The lines below the first one quote the text, secrets and all.
  const [problem = ''] = error?.message.split('\n') ?? []
  if (error) throw new SourceNotEditable(`this is no YAML: ${problem.replace(/:$/, '')}`)
  return document
}

function plain(document: Document): unknown {
  try {
    return document.toJS() as unknown
  } catch (error) {
    // An alias to nowhere, or one of too many.
    const problem = error instanceof Error ? error.message : String(error)
    throw new SourceNotEditable(`this is no YAML: ${problem}`)
  }
}

function read(text: string): unknown {
  try {
    return plain(parsed(text))
  } catch {
    return undefined
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end + 1
}

function indented(text: string, indent: string): string {
  const lines = text.trimEnd().split('\n')
  return lines.map((line) => (line.trim() === '' ? '\n' : `${indent}${line}\n`)).join('')
}

/** The first line that says something decides. */
function dedent(text: string): string {
  const lines = text.split('\n')
  const own = lines.find((line) => line.trim() !== '' && !line.trim().startsWith('#')) ?? ''
  const width = own.length - own.trimStart().length
  return lines.map((line) => line.slice(Math.min(width, blanksOf(line)))).join('\n')
}

function blanksOf(line: string): number {
  return line.length - line.trimStart().length
}

function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n')
}

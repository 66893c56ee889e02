/**
 * XML that cannot be ill-formed: elements are made from names and texts, never from markup, and
 * whatever a text holds is escaped or, where XML 1.0 has no way to write it, left out.
 */
export class Xml {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  static element(
    name: string,
    attributes: Readonly<Record<string, string | number>>,
    children: readonly Child[],
  ): Xml {
    const inner = children.map((child) => contentOf(child)).join('')
    const start = startTag(name, attributes)
    return new Xml(inner === '' ? `${start}/>` : `${start}>${inner}</${name}>`)
  }

  toString(): string {
    return this.#text
  }
}

export type Child = Xml | string | number | null

export type Attributes = Readonly<Record<string, string | number>>

/** `el('Name', 'Berg')`, `el('Phone', { type: 'Work' }, el('phonenumber', '501'))`. */
export function el(name: string, ...content: readonly (Child | Attributes)[]): Xml {
  const [first] = content
  const hasAttributes = typeof first === 'object' && first !== null && !(first instanceof Xml)
  const children = (hasAttributes ? content.slice(1) : content) as Child[] // attributes come first only
  return Xml.element(name, hasAttributes ? first : {}, children)
}

/** A whole document. The first byte is `<`: some phones take nothing in front of it. */
export function xmlDocument(root: Xml): string {
  return `${declaration}\n${root.toString()}\n`
}

/** A part of a document with very many parts; a null is a moment to let others work. */
export type Piece = Xml | XmlPart | null

/** An element with very many children, which are made only when they are read. */
export interface XmlPart {
  readonly name: string
  readonly attributes: Attributes
  readonly children: Iterable<Piece>
}

/** `xmlPart('Menu', { Name: 'Sales' }, units)` */
export function xmlPart(name: string, attributes: Attributes, children: Iterable<Piece>): XmlPart {
  return { name, attributes, children }
}

/** A whole document in pieces, for a root with very many children. */
export function* xmlPieces(
  name: string,
  attributes: Attributes,
  children: Iterable<Piece>,
  doctype?: string,
): Generator<string> {
  yield `${declaration}\n`
  if (doctype !== undefined) yield `<!DOCTYPE ${checkName(doctype)}>\n`
  yield* piecesOf(xmlPart(name, attributes, children))
}

function* piecesOf(piece: Piece): Generator<string> {
  if (piece === null) yield ''
  else if (piece instanceof Xml) yield `${piece.toString()}\n`
  else {
    yield `${startTag(piece.name, piece.attributes)}>\n`
    for (const child of piece.children) yield* piecesOf(child)
    yield `</${piece.name}>\n`
  }
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>'

function startTag(name: string, attributes: Attributes): string {
  let text = `<${checkName(name)}`
  for (const [key, value] of Object.entries(attributes)) {
    text += ` ${checkName(key)}="${escape(String(value)).replaceAll(/[\t\n\r]/g, ' ')}"`
  }
  return text
}

function contentOf(child: Child): string {
  if (child === null) return ''
  return child instanceof Xml ? child.toString() : escape(String(child))
}

function escape(text: string): string {
  if (harmless.test(text)) return text
  return text
    .toWellFormed()
    .replaceAll(impossible, '')
    .replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '')
}

function checkName(name: string): string {
  if (!known.has(name)) {
    if (!/^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/.test(name))
      throw new Error(`no XML name: '${name}'`)
    known.add(name)
  }
  return name
}

/** Names are written in dialects, so they are few. */
const known = new Set<string>()

const harmless = /^[ !#$%()-;=?-~\u00a0-\ud7ff]*$/

/** What XML 1.0 (section 2.2) allows nowhere, not even as a reference. */
// oxlint-disable-next-line no-control-regex
const impossible = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

import { extensionBehind } from '../person/did-rules.ts'
import { isDialable } from '../person/dialable.ts'
import { isService, publicNumberOf } from '../person/numbers.ts'
import { cleanText, hasControlCharacters } from '../person/text.ts'
import { few, type Origin } from './compile-rule.ts'
import type { Draft } from './draft.ts'

/**
 * Ids that reach a person: extension, aliases, DIDs. They end up in Asterisk's dialplan, so what
 * is not plainly one of them is left out with a problem, and the person stays.
 */
export function readExtension(origins: readonly Origin[], draft: Draft): string | null {
  for (const origin of origins) {
    for (const raw of taken(origin, draft)) {
      const extension = extensionOf(raw, origin, draft)
      if (extension !== null) return extension
    }
  }
  return null
}

function extensionOf(raw: string, origin: Origin, draft: Draft): string | null {
  const text = idText(raw, origin, draft)
  if (text === null) return null
  if (origin.isMade) return safeId(text, origin, draft, 'extension')
  const parsed = draft.parse(text)
  if (parsed.extension !== null) return parsed.extension
  if (parsed.service !== null) return refuseService(text, origin, draft)
  if (parsed.e164 !== null) return null
  if (parsed.digits === '' && !telephoneAttributes.has(origin.attribute.toLowerCase())) {
    return safeId(text, origin, draft, 'extension')
  }
  draft.problem(origin.attribute, `${parsed.reason}`)
  return null
}

/** Attributes whose syntax is a telephone number: a word in there is a remark, not an extension. */
const telephoneAttributes: ReadonlySet<string> = new Set(
  'telephonenumber othertelephone mobile othermobile homephone otherhomephone facsimiletelephonenumber pager otherpager telephoneassistant'.split(
    ' ',
  ),
)

export function readAliases(
  origins: readonly Origin[],
  extension: string | null,
  draft: Draft,
): readonly string[] {
  const aliases: string[] = []
  for (const origin of origins) {
    for (const raw of taken(origin, draft)) {
      const alias = aliasOf(raw, origin, draft)
      if (alias !== null && alias !== extension && !aliases.includes(alias)) aliases.push(alias)
    }
    if (origin.values === 'first' && aliases.length > 0) break
  }
  return aliases.length === 0 ? none : aliases
}

function aliasOf(raw: string, origin: Origin, draft: Draft): string | null {
  const text = idText(raw, origin, draft)
  if (text === null) return null
  // Words and mail addresses are no numbers; `555 0180` is one that was written with a space.
  if (origin.isMade || /[A-Za-z]/.test(text)) return safeId(text, origin, draft, 'alias')
  const parsed = draft.parse(text)
  if (parsed.extension !== null) return parsed.extension
  if (parsed.service !== null) return refuseService(text, origin, draft)
  if (parsed.e164 !== null && !/^\d+$/.test(text)) {
    draft.problem(
      origin.attribute,
      `"${text}" is a public number and no alias; map it as did or otherPhones`,
    )
    return null
  }
  return safeId(parsed.digits === '' ? text : parsed.digits, origin, draft, 'alias')
}

export function readDids(
  origins: readonly Origin[],
  extension: string | null,
  draft: Draft,
): readonly string[] {
  const dids: string[] = []
  for (const origin of origins) {
    for (const raw of taken(origin, draft)) {
      const did = didOf(raw, origin, extension, draft)
      if (did !== null && !dids.includes(did)) dids.push(did)
    }
    if (origin.values === 'first' && dids.length > 0) break
  }
  return dids.length === 0 ? none : dids
}

function didOf(raw: string, origin: Origin, extension: string | null, draft: Draft): string | null {
  const { text } = cleanText(raw, longestId)
  if (text === '') return null
  const parsed = draft.parse(text)
  const e164 =
    parsed.e164 ?? (parsed.extension === null ? null : publicNumberOf(parsed.extension, draft.site))
  if (origin.own) {
    const isDirect = e164 !== null && parsed.suffix === null
    return isDirect && isOwn(e164, extension, draft) ? e164 : null
  }
  if (e164 === null) {
    draft.problem(
      origin.attribute,
      parsed.reason ?? `"${text}" is no public number, and site.dids has none for it`,
    )
  }
  return e164
}

/** Ours, and not plainly somebody else's: the main number in everybody's entry rings nobody. */
function isOwn(e164: string, extension: string | null, draft: Draft): boolean {
  const { dids } = draft.site
  if (dids.length === 0) return extension !== null
  const behind = extensionBehind(e164, dids)
  return behind !== undefined && (behind === null || behind === extension)
}

/** Trimmed and without a hidden character; null with a problem when there was one. */
function idText(raw: string, origin: Origin, draft: Draft): string | null {
  const { text, isCut } = cleanText(raw, longestId)
  if (text === '') return null
  if (!isCut && !hasControlCharacters(raw.trim())) return text
  draft.problem(
    origin.attribute,
    isCut
      ? `is longer than ${longestId} characters, too long for an extension`
      : 'holds control characters and was left out',
  )
  return null
}

function safeId(
  text: string,
  origin: Origin,
  draft: Draft,
  what: 'extension' | 'alias',
): string | null {
  if (isService(text, draft.site)) return refuseService(text, origin, draft)
  if (isDialable(text)) return text
  draft.problem(
    origin.attribute,
    `"${text.slice(0, 40)}" is no ${what}: expected letters, digits and . _ + * # @ -, at most 79`,
  )
  return null
}

function refuseService(text: string, origin: Origin, draft: Draft): null {
  draft.problem(
    origin.attribute,
    `"${text}" is an emergency, short or feature number and can be nobody's own`,
  )
  return null
}

/** `values: first` takes one; more than fifty of an id are a mistake or an attack. */
function taken(origin: Origin, draft: Draft): readonly string[] {
  return few(origin.read(draft), origin.values === 'first' ? 1 : 50)
}

const longestId = 100

const none: readonly never[] = Object.freeze([])

import type { DraftFields, MappedField } from '../answers/admin/source-settings.ts'
import { editOptions, isRecord, readOptions, type OptionChange } from '../config/option-text.ts'
import { presetNames, type RuleOptions } from '../mapping/options.ts'
import { presetOf } from '../mapping/presets.ts'

/** Fields of a person that have a place in the form; the others are written as YAML. */
const mappedFields = [
  'extension',
  'aliases',
  'did',
  'user',
  'name',
  'email',
  'phone',
  'mobile',
  'department',
  'groups',
] as const

const texts = {
  domain: ['domain'],
  ldif: ['ldif'],
  base: ['base'],
  filter: ['filter'],
  bindUser: ['bind', 'user'],
  tls: ['tls'],
  caFile: ['caFile'],
  schedule: ['schedule'],
} as const satisfies Partial<Record<keyof DraftFields, readonly string[]>>

type TextName = keyof typeof texts

/** What a form shows of options; null where a form has no place for what is written there. */
export function fieldsOf(text: string): DraftFields {
  const { options } = readOptions(text, '')
  const at = (path: readonly string[]) => plain(valueAt(options, path))
  const map = mappedFields.map((name) => [name, listText(valueAt(options, ['map', name]))] as const)
  const { servers } = options
  return {
    preset: at(['preset']) ?? '',
    servers: Array.isArray(servers) ? servers.map(String).join('\n') : plain(servers),
    domain: at(texts.domain),
    ldif: at(texts.ldif),
    base: at(texts.base),
    filter: at(texts.filter),
    bindUser: at(texts.bindUser),
    tls: at(texts.tls),
    caFile: at(texts.caFile),
    schedule: at(texts.schedule),
    map: Object.fromEntries(map),
  }
}

/** The text with what was filled in; what is as it was is left as it is written. */
export function fillText(text: string, wanted: Partial<DraftFields>): string {
  const now = fieldsOf(text)
  const changes: OptionChange[] = []
  const note = (
    path: readonly string[],
    before: string | null,
    after: string | null | undefined,
  ) => {
    const value = after?.trim()
    if (value === undefined || before === null || value === before.trim()) return
    changes.push({ path, value: value === '' ? undefined : value })
  }
  note(['preset'], now.preset, wanted.preset)
  const servers = wanted.servers?.split(/[\s,]+/).filter(Boolean)
  if (servers && now.servers !== null && servers.join('\n') !== now.servers) {
    changes.push({ path: ['servers'], value: servers.length === 0 ? undefined : servers })
  }
  for (const name of Object.keys(texts) as TextName[]) note(texts[name], now[name], wanted[name])
  for (const [name, after] of Object.entries(wanted.map ?? {})) {
    const before = now.map[name]
    if (before === undefined || before === null || after === null) continue
    const names = after.split(',').flatMap((each) => each.trim() || [])
    if (names.join(', ') === before) continue
    const [first] = names
    changes.push({ path: ['map', name], value: names.length > 1 ? names : first })
  }
  // Whoever reads anonymously has no password either.
  if (wanted.bindUser?.trim() === '' && now.bindUser)
    changes.push({ path: ['bind'], value: undefined })
  return changes.length === 0 ? text : editOptions(text, changes)
}

/** The fields with what each preset makes them of. */
export function mappedOf(): MappedField[] {
  return mappedFields.map((name) => {
    const usual = presetNames.map((preset) => {
      const rule: RuleOptions | undefined = presetOf(preset).map[name]
      return [preset, usualText(rule)] as const
    })
    return { name, usual: Object.fromEntries(usual) }
  })
}

/** Empty: not written. Null: more than names of attributes. */
function listText(rule: unknown): string | null {
  if (rule === undefined) return ''
  const names = Array.isArray(rule) ? rule : [rule]
  return names.every((name) => typeof name === 'string') ? names.join(', ') : null
}

function usualText(rule: unknown): string {
  const from = isRecord(rule) ? rule['from'] : rule
  return listText(from) ?? ''
}

function plain(value: unknown): string | null {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : null
}

function valueAt(options: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), options)
}

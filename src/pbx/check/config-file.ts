import type { AmiConnection } from '../ami/connection.ts'

export type Setting = readonly [key: string, value: string]

/** A configuration file of Asterisk, included files and all. */
export class ConfigFile {
  readonly #sections: readonly { readonly name: string; readonly settings: readonly Setting[] }[]

  constructor(
    sections: readonly { readonly name: string; readonly settings: readonly Setting[] }[],
  ) {
    this.#sections = sections
  }

  /** Of all sections of that name, in their order. */
  settings(section: string): readonly Setting[] {
    return this.#sections.flatMap(({ name, settings }) => (name === section ? settings : []))
  }

  /** Of all sections. */
  all(): readonly Setting[] {
    return this.#sections.flatMap(({ settings }) => settings)
  }
}

export function valuesOf(settings: readonly Setting[], key: string): string[] {
  return settings.flatMap(([name, value]) => (name.toLowerCase() === key ? [value] : []))
}

/** What counts when it is written several times. */
export function valueOf(settings: readonly Setting[], key: string): string | undefined {
  return valuesOf(settings, key).at(-1)
}

/** As Asterisk reads a yes (main/utils.c, ast_true). */
export function isTrue(value: string | undefined): boolean {
  return /^(yes|true|y|t|1|on)$/i.test(value ?? '')
}

/**
 * Lets Asterisk read one of its files as it is now; null: it has none of that name. `filter` picks
 * sections (`type=global`), so that no more than needed travels.
 */
export async function readConfigFile(
  ami: AmiConnection,
  name: string,
  pick: { readonly Category?: string; readonly Filter?: string } = {},
): Promise<ConfigFile | null> {
  const answer = await ami.ask('GetConfig', { Filename: name, ...pick })
  if (answer.get('response') !== 'Success') return null
  const sections = new Map<string, { name: string; settings: Setting[] }>()
  for (const [field, text] of answer) {
    const [, kind, section = ''] = /^(category|line)-(\d+)/.exec(field) ?? []
    if (kind === 'category') sections.set(section, { name: text, settings: [] })
    if (kind !== 'line') continue
    const equals = text.indexOf('=')
    const setting: Setting = [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
    sections.get(section)?.settings.push(setting)
  }
  return new ConfigFile([...sections.values()])
}

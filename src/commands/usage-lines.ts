/** What the usage text says of one command. The text is the one list of commands. */
export interface UsageEntry {
  /** `sync [SOURCE]`, or for an option of every command `--config FILE`. */
  readonly form: string
  readonly text: string
  readonly options: readonly UsageOption[]
}

interface UsageOption {
  readonly form: string
  readonly text: string
}

/** Reads the usage text: `  peerage FORM   text`, its options and further lines deeper below. */
export function readUsage(usage: string): readonly UsageEntry[] {
  const entries: { form: string; text: string; options: { form: string; text: string }[] }[] = []
  for (const line of usage.split('\n').slice(1)) {
    const [, indent = '', words = ''] = /^( *)(.*)$/.exec(line) ?? []
    if (words === '') continue
    const [form = '', ...rest] = words.split(/ {2,}/)
    const text = rest.join(' ')
    const entry = entries.at(-1)
    if (indent.length === 2) {
      entries.push({ form: form.replace(/^peerage /, ''), text, options: [] })
    } else if (words.startsWith('--')) entry?.options.push({ form, text })
    else if (entry) {
      const last = entry.options.at(-1) ?? entry
      last.text = `${last.text} ${words}`.trim()
    }
  }
  return entries
}

/** The words that may follow `peerage`: commands, and what `--help` stands for itself. */
export function commandsOf(entries: readonly UsageEntry[]): readonly string[] {
  return entries
    .filter(({ form }) => !form.startsWith('-'))
    .flatMap(({ form }) => form.split(',').map((part) => part.trim().split(' ')[0] ?? ''))
    .filter((word, index, all) => all.indexOf(word) === index)
}

/** Every option there is, as `--name`. */
export function optionsOf(entries: readonly UsageEntry[]): readonly string[] {
  const forms = entries.flatMap(({ form, options }) => [form, ...options.map((each) => each.form)])
  const names = forms.flatMap((form) => form.match(/--[a-z][a-z-]*/g) ?? [])
  return [...new Set(names)].sort()
}

import { encodeFields, type Fields } from '../codec.ts'

/** A configuration file of Asterisk that is made out of people, each time it is asked for. */
export interface ConfigFile {
  /** `users.conf`. */
  readonly name: string
  sections(form: FileForm): Iterable<Section>
}

/** `text` as in a file; `static` as res_config_curl's static realtime, which knows no templates. */
export type FileForm = 'text' | 'static'

/** `[501](lan)` and its lines; a variable may stand twice. Empty values are left out. */
export interface Section {
  readonly name: string
  readonly template?: string | null
  readonly lines: Fields
}

/** `[501](lan)`, `fullname = Zoë`, … and an empty line. */
export function sectionText({ name, template, lines }: Section): string {
  const head = template ? `[${name}](${template})` : `[${name}]`
  const body = lines.flatMap(([variable, value]) => {
    const text = lineText(value)
    return text === '' ? [] : [`${variable} = ${text}\n`]
  })
  return `${head}\n${body.join('')}\n`
}

/**
 * A row a line (config_curl in res_config_curl.c). `metric` is the section's place in the file:
 * where it changes, another section begins, even of the same name.
 */
export function sectionRows({ name, lines }: Section, metric: number): string {
  return lines
    .filter(([, value]) => lineText(value) !== '')
    .map(([variable, value]) =>
      encodeFields([
        ['cat_metric', String(metric)],
        ['category', name],
        ['var_name', variable],
        ['var_val', value],
      ]),
    )
    .join('')
}

/** One line, in which a semicolon begins no comment (`ast_config_text_file_load` in config.c). */
function lineText(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .replaceAll(';', String.raw`\;`)
}

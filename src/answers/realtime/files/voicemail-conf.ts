import { wordText } from '../asterisk-text.ts'
import type { Fields } from '../codec.ts'
import { ownersOf, type AnsweredFrom } from '../families/answered-from.ts'
import { mailboxFields } from '../families/voicemail.ts'
import type { ConfigFile } from './config-file.ts'

/** `[default]` with `501 = 1234,Zoë Müller,zoe@example.org,,language=de` for everybody. */
export function voicemailConf(from: AnsweredFrom): ConfigFile {
  return {
    name: 'voicemail.conf',
    *sections() {
      const lines: (readonly [string, string])[] = []
      for (const person of ownersOf(from.people)) {
        const fields = mailboxFields(person, from)
        if (fields) lines.push(lineOf(fields))
      }
      yield { name: 'default', lines }
    },
  }
}

function lineOf(fields: Fields): readonly [string, string] {
  const column = new Map(fields)
  const language = column.get('language') ?? ''
  const parts = [
    column.get('password') ?? '',
    wordText(column.get('fullname') ?? ''),
    column.get('email') ?? '',
    '',
    language === '' ? '' : `language=${language}`,
  ]
  return [column.get('mailbox') ?? '', parts.join(',').replace(/,+$/, '')]
}

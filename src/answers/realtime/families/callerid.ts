import type { Calls } from '../../caller/calls.ts'
import { languageText, wordText } from '../asterisk-text.ts'
import type { Family } from '../family.ts'
import { Row } from '../row.ts'

/**
 * Who has a number, for `${REALTIME_FIELD(callerid,number,…,name)}` of a dialplan. `number` is
 * answered as it was asked: Asterisk looks for it in the row. What comes back is free of commas and
 * of everything that a dialplan evaluates.
 */
export function callerid(calls: Pick<Calls, 'caller'>): Family & { readonly name: 'callerid' } {
  return {
    name: 'callerid',
    columns,
    exact: {
      number(number) {
        const { match, name, extension, language } = calls.caller(number)
        if (name === null) return []
        return [
          new Row([
            ['number', number],
            ['name', wordText(name)],
            ['e164', match.e164 ?? ''],
            ['organisation', wordText(match.organisation ?? '')],
            ['extension', extension ?? ''],
            ['kind', match.kind ?? ''],
            ['language', languageText(language ?? undefined)],
          ]),
        ]
      },
    },
    // Not a list of everybody: a caller is asked for one at a time.
    *all() {},
  }
}

const columns = new Set(['number', 'name', 'e164', 'organisation', 'extension', 'kind', 'language'])

import type { Logger } from '../../../logger.ts'
import { isMailAddress } from '../../../person/dialable.ts'
import type { Person } from '../../../person/person.ts'
import { nameText } from '../asterisk-text.ts'
import type { Fields } from '../codec.ts'
import type { Family } from '../family.ts'
import type { Question } from '../question.ts'
import { languageOf, PersonRows, type AnsweredFrom } from './answered-from.ts'

const context = 'default'

/** Mailboxes, and the PIN that their owners change by telephone. */
export function voicemail(
  from: AnsweredFrom,
  log: Logger,
): Family & { readonly name: 'voicemail' } {
  const rows = new PersonRows(from, (person) => mailboxFields(person, from))

  return {
    name: 'voicemail',
    columns: new Set([
      'uniqueid',
      'context',
      'mailbox',
      'password',
      'fullname',
      'email',
      'language',
    ]),
    exact: {
      mailbox: (value) => rows.byExtension(value),
      uniqueid: (value) => rows.byExtension(value),
    },
    all: () => rows.all(),
    async update(question, fields) {
      const mailbox = mailboxOf(question)
      const person = mailbox === undefined ? undefined : from.people.byExtension(mailbox)
      if (!person || !from.classOf(person).voicemail) return 0
      const pin = fields.get('password')
      if (pin === undefined) return 1
      if (!/^[0-9*#A-D]{1,32}$/.test(pin)) {
        log.warn({ mailbox }, 'a voicemail PIN that is not made of keys of a phone was refused')
        return 0
      }
      await from.secrets.choose(person.id, 'voicemailPin', pin)
      return 1
    },
  }
}

export function mailboxFields(
  person: Person,
  { secrets, classOf }: Pick<AnsweredFrom, 'secrets' | 'classOf'>,
): Fields | null {
  const { extension } = person
  const own = classOf(person)
  if (extension === null || !own.voicemail) return null
  const { email } = person
  return [
    ['uniqueid', extension],
    ['context', context],
    ['mailbox', extension],
    ['password', secrets.voicemailPin(person.id) ?? ''],
    // Stands between quotes in the To: of a mail.
    ['fullname', nameText(person.name)],
    ['email', email !== null && isMailAddress(email) ? email : ''],
    ['language', languageOf(person, own)],
  ]
}

/**
 * Which mailbox an update means. `update2` of res_config_curl.c forgets the `&` between its keys:
 * `?&context=defaultmailbox=501` is what a change of the PIN arrives as.
 */
function mailboxOf(question: Question): string | undefined {
  const values = new Map(question.map(({ field, value }) => [field, value]))
  const glued = /^(.*)mailbox=(.+)$/s.exec(values.get('context') ?? '')
  const [, asked, mailbox] = glued ?? [null, values.get('context'), values.get('mailbox')]
  return asked === undefined || asked === context ? mailbox : undefined
}

import { Type } from 'typebox'
import { oneOf } from '../one-of.ts'

/** Configuration files that are made out of people, for those who want files. */
export const configFileProperties = {
  usersConf: Type.Object(
    {
      template: Type.Optional(
        Type.String({
          pattern: '^[A-Za-z0-9_-]{1,64}$',
          description:
            'Name of a template of yours, `[lan](!)`, that every section begins with, in the text form only.',
        }),
      ),
      settings: Type.Record(
        Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]*$' }),
        Type.String({ pattern: String.raw`^[^\p{Cc}]*$` }),
        {
          default: { type: 'friend', host: 'dynamic', hassip: 'yes' },
          description:
            'Lines that every section has where there is no template; static realtime knows none.',
        },
      ),
      context: oneOf(['class', 'did-international', 'did-national', 'did-local'], {
        default: 'class',
        description:
          'Context of calls from a phone: that of the class, or the own public number: `4930123456`, `030123456` or `123456`. Who has none gets that of the class.',
      }),
    },
    {
      additionalProperties: false,
      default: {},
      description: '`users.conf` for Asterisk 16 to 20, a section per person.',
    },
  ),
}

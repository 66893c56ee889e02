import { Type, type Static } from 'typebox'
import type { Complaint } from '../../complaint.ts'

export const meProperties = {
  me: Type.Object(
    {
      view: Type.Optional(
        Type.String({
          description: 'View of the phone book that everybody may search. Default: the first one.',
          examples: ['staff'],
        }),
      ),
      sipServer: Type.Optional(
        Type.String({
          description:
            'Where telephones register: name or address of Asterisk as they reach it, with the port where it is not the usual one. Without it nobody is shown his SIP account.',
          examples: ['pbx.example.org', 'pbx.example.org:5061'],
        }),
      ),
      sipTransport: Type.Union([Type.Literal('udp'), Type.Literal('tcp'), Type.Literal('tls')], {
        default: 'udp',
        description: 'How telephones reach it.',
      }),
      linkMinutes: Type.Integer({
        default: 10,
        minimum: 1,
        maximum: 1440,
        description: 'How long a link to set up a telephone may wait; it works once.',
      }),
      renewSecret: Type.Boolean({
        default: false,
        description:
          'Whether people may give themselves another SIP secret: all their telephones have to be set up again then.',
      }),
      fewestPinDigits: Type.Integer({
        default: 4,
        minimum: 3,
        maximum: 12,
        description: 'How many digits a PIN that somebody chooses has at least.',
      }),
    },
    {
      additionalProperties: false,
      default: {},
      description: 'The page on which everybody sees to his own telephone.',
    },
  ),
}

const schema = Type.Object(meProperties)
export type MeOptions = Static<typeof schema>['me']

/** `views`: those of the phone book. */
export function checkMe({ view, sipServer }: MeOptions, views: readonly string[]): Complaint[] {
  const complaints: Complaint[] = []
  if (view !== undefined && !views.includes(view)) {
    const problem = `there is no view '${view}'; known are ${views.join(', ')}`
    complaints.push({ path: 'me.view', problem })
  }
  if (sipServer !== undefined && !isServer(sipServer)) {
    complaints.push({
      path: 'me.sipServer',
      problem: `'${sipServer}' is neither a name nor an address, with or without a port`,
      example: 'pbx.example.org',
    })
  }
  return complaints
}

/** What a telephone takes as its server: no scheme, no user, no parameters. */
function isServer(text: string): boolean {
  return /^(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(text)
}

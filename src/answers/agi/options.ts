import { Type, type Static } from 'typebox'
import type { Complaint } from '../../complaint.ts'
import { checkNetworks } from '../../networks.ts'

export const agiProperties = {
  agi: Type.Object(
    {
      from: Type.Array(Type.String(), {
        default: ['127.0.0.0/8', '::1'],
        description:
          'Networks that may ask by FastAGI. It has no passwords, and /auth checks PINs.',
        examples: [['10.1.0.5', '10.2.0.0/16']],
      }),
      budgetMs: Type.Integer({
        default: 1000,
        minimum: 10,
        maximum: 60_000,
        description: 'How long a call may be held; then it goes on as it is.',
      }),
      sessions: Type.Integer({
        default: 5000,
        minimum: 1,
        description:
          'Sessions at the same time; further ones are turned away, and their calls go on.',
      }),
      pinTries: Type.Integer({
        default: 5,
        minimum: 1,
        description: 'Wrong PINs in a row after which an extension has to wait for ten minutes.',
      }),
    },
    {
      additionalProperties: false,
      default: {},
      description: 'How Asterisk is answered by FastAGI.',
    },
  ),
}

const agiOptions = Type.Object(agiProperties)
export type AgiOptions = Static<typeof agiOptions>['agi']

export function checkAgi({ from }: AgiOptions): Complaint[] {
  return checkNetworks(from, 'agi.from')
}

import { Type, type Static } from 'typebox'
import type { Complaint } from '../../complaint.ts'
import { checkNetworks } from '../../networks.ts'

export const lookupProperties = {
  lookup: Type.Object(
    {
      from: Type.Array(Type.String(), {
        default: ['127.0.0.0/8', '::1'],
        description: 'Networks that may ask `GET /lookup` who has a number.',
        examples: [['10.1.0.5', '10.2.0.0/16']],
      }),
      token: Type.Optional(
        Type.String({
          minLength: 16,
          description:
            'Who asks must also show this token: as `Authorization: Bearer`, as password of Basic, or as `token=` in the address. It is good for nothing else.',
        }),
      ),
      tokenFile: Type.Optional(Type.String({ description: 'File that holds the token instead.' })),
    },
    {
      additionalProperties: false,
      default: {},
      description: 'Who may ask `GET /lookup?number=…` (the caller names for everything else).',
    },
  ),
}

const lookupOptions = Type.Object(lookupProperties)
export type LookupOptions = Static<typeof lookupOptions>['lookup']

export function checkLookup({ from }: LookupOptions): Complaint[] {
  return checkNetworks(from, 'lookup.from')
}

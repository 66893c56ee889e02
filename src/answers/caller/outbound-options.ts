import { Type } from 'typebox'

export const outboundProperties = {
  outbound: Type.Object(
    {
      departments: Type.Record(Type.String(), Type.String(), {
        default: {},
        description:
          'Public number (E.164) of a department or group, for people who have none of their own.',
        examples: [{ Sales: '+49301234200' }],
      }),
      site: Type.Optional(
        Type.String({
          description: 'Public number (E.164) that everybody else shows.',
          examples: ['+49301234500'],
        }),
      ),
      withholdPrefix: Type.String({
        default: '*31#',
        description:
          'What somebody dials before a number to hide his own; empty when there is no such thing.',
      }),
    },
    {
      additionalProperties: false,
      default: {},
      description: 'Which number a call to the outside shows: the own one first.',
    },
  ),
}

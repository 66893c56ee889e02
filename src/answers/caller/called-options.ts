import { Type } from 'typebox'

export const didProperties = {
  dids: Type.Record(
    Type.String(),
    Type.Object(
      {
        to: Type.Optional(
          Type.Array(Type.String(), {
            minItems: 1,
            description:
              'Extensions or aliases to ring, or one other public number that this one is an alias of. Default: whoever has the number in the directory.',
          }),
        ),
        ring: Type.Optional(
          Type.Union([Type.Literal('all'), Type.Literal('order')], {
            description: 'All at once, or one after the other. Default: as the class says.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    {
      default: {},
      description: 'Public numbers (E.164) that are not simply those of one person.',
      examples: [{ '+49301234100': { to: ['501', '502'], ring: 'order' } }],
    },
  ),
}

const standIns = ['manager', 'deputy', 'operator'] as const

/** Who is rung for somebody who left. */
export type StandIn = (typeof standIns)[number]

export const leaverDidProperties = {
  leaverDids: Type.Object(
    {
      to: Type.Array(Type.Union(standIns.map((name) => Type.Literal(name))), {
        default: ['manager', 'deputy', 'operator'],
        description:
          "Who is rung for the number of somebody who left or may not use the telephone, in order of preference: his `manager` of the directory (and theirs, when they left too), his `deputy` (the directory's assistant), the `operator`.",
      }),
      days: Type.Integer({
        default: 30,
        minimum: 0,
        description:
          'For how many days after he was last seen in the directory; later the number is as unknown.',
      }),
    },
    {
      additionalProperties: false,
      default: {},
      description: 'What becomes of the public numbers of people who left.',
    },
  ),
}

export const unknownDidProperties = {
  unknownDid: Type.Union([Type.Literal('nothing'), Type.Literal('operator')], {
    default: 'nothing',
    description: 'What an own public number rings that nobody has.',
  }),
}

import { Type } from 'typebox'

/** What a class says of calls, beside what it says of the telephone. */
export const callClassProperties = {
  callerName: Type.Optional(
    Type.String({
      description:
        "How callers' names are shown: text with {name}, {firstName}, {lastName}, {organisation}, {department}, {title}, {location}, {extension} and {kind}; a part in [ ] is left out when its field is empty.",
      examples: ['{name}[ ({organisation})]'],
    }),
  ),
  callerNumber: Type.Optional(
    Type.Union([Type.Literal('as-sent'), Type.Literal('e164'), Type.Literal('dialable')], {
      description:
        "How callers' numbers are shown: as the trunk sent them, as +49…, or so that the phone can dial them back.",
    }),
  ),
  callerRules: Type.Optional(
    Type.Array(Type.String(), {
      description: 'How the number that is shown is rewritten at last: `beginning -> instead`.',
      examples: [['+49 -> 0']],
    }),
  ),
  latinOnly: Type.Optional(
    Type.Boolean({
      description: 'Phones that have no letters but the plain Latin ones: names are rewritten.',
    }),
  ),
  sharedDid: Type.Optional(
    Type.Union([Type.Literal('all'), Type.Literal('order')], {
      description:
        'Whether the people who share a public number ring all at once or one after the other, by their extensions; the class of the first counts.',
    }),
  ),
  withhold: Type.Optional(
    Type.Boolean({ description: 'Whether calls to the outside hide their number always.' }),
  ),
}

/** The same with every default filled in. */
export interface CallClass {
  readonly callerName: string
  readonly callerNumber: 'as-sent' | 'e164' | 'dialable'
  readonly callerRules: readonly string[]
  readonly latinOnly: boolean
  readonly sharedDid: 'all' | 'order'
  readonly withhold: boolean
}

export const builtInCallClass: CallClass = {
  callerName: '{name}',
  callerNumber: 'as-sent',
  callerRules: [],
  latinOnly: false,
  sharedDid: 'all',
  withhold: false,
}

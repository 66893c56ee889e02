import { Type, type Static } from 'typebox'
import type { Complaint } from '../../complaint.ts'
import type { Person } from '../../person/person.ts'

/** A named set of endpoint and dialplan defaults, chosen by group or by place in the directory. */
export const classOptions = Type.Object(
  {
    when: Type.Optional(
      Type.Object(
        {
          group: Type.Optional(
            Type.String({ description: 'Name or DN of a group that the person is a member of.' }),
          ),
          under: Type.Optional(
            Type.String({
              description: 'DN of a part of the directory that the entry stands under.',
            }),
          ),
        },
        {
          additionalProperties: false,
          description: 'Who belongs to this class; the first class that fits counts.',
        },
      ),
    ),
    context: Type.Optional(
      Type.String({ description: 'Dialplan context of calls from the phone.' }),
    ),
    codecs: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: 'Allowed codecs, the best first.' }),
    ),
    maxContacts: Type.Optional(
      Type.Integer({ minimum: 1, description: 'How many phones may register as one person.' }),
    ),
    qualifySeconds: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Asterisk asks a phone this often; 0: never.' }),
    ),
    ringSeconds: Type.Optional(
      Type.Integer({ minimum: 1, description: 'How long a call rings before voicemail answers.' }),
    ),
    voicemail: Type.Optional(Type.Boolean({ description: 'Whether the person has a mailbox.' })),
    nat: Type.Optional(
      Type.Boolean({
        description: 'Phones behind address translation: answer where they sent from.',
      }),
    ),
    transport: Type.Optional(Type.String({ description: 'Name of the PJSIP transport to use.' })),
    language: Type.Optional(Type.String({ description: 'Language of prompts, e.g. `de`.' })),
    variables: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Channel variables that calls from the phone begin with (`set_var`).',
      }),
    ),
  },
  { additionalProperties: false },
)

export const classProperties = {
  classes: Type.Record(Type.String(), classOptions, {
    default: {},
    description:
      'Named sets of endpoint and dialplan defaults. `default` is for everybody; others say `when`, and what they leave out is as in `default`.',
  }),
}

export type ClassOptions = Static<typeof classOptions>

/** A class with every default filled in. */
export interface EndpointClass {
  readonly name: string
  readonly context: string
  readonly codecs: readonly string[]
  readonly maxContacts: number
  readonly qualifySeconds: number
  readonly ringSeconds: number
  readonly voicemail: boolean
  readonly nat: boolean
  readonly transport: string | null
  readonly language: string | null
  readonly variables: Readonly<Record<string, string>>
}

const builtIn: EndpointClass = {
  name: 'default',
  context: 'internal',
  codecs: ['opus', 'g722', 'alaw', 'ulaw'],
  maxContacts: 2,
  qualifySeconds: 60,
  ringSeconds: 30,
  voicemail: true,
  nat: false,
  transport: null,
  language: null,
  variables: {},
}

export function checkClasses(classes: Readonly<Record<string, ClassOptions>>): Complaint[] {
  return Object.entries(classes).flatMap(([name, { when, variables }]) => {
    const complaints: Complaint[] = []
    if (name === 'default' && when) {
      complaints.push({
        path: 'classes.default.when',
        problem: 'the class `default` is for everybody and takes no condition',
      })
    }
    if (name !== 'default' && !when?.group && !when?.under) {
      complaints.push({
        path: `classes.${name}.when`,
        problem: 'missing; say who belongs to this class, by group or under',
        example: '{ group: "CN=Sales,OU=Groups,DC=example,DC=org" }',
      })
    }
    for (const variable of Object.keys(variables ?? {})) {
      if (/^[A-Za-z_][\w]*$/.test(variable)) continue
      complaints.push({
        path: `classes.${name}.variables`,
        problem: `'${variable}' cannot be the name of a channel variable; expected letters, digits and _`,
        example: 'TENANT',
      })
    }
    return complaints
  })
}

/** Which class a person is in: the first whose condition he meets, else `default`. */
export function compileClasses(
  classes: Readonly<Record<string, ClassOptions>>,
): (person: Person) => EndpointClass {
  const fallback = fill('default', builtIn, classes['default'] ?? {})
  const others = Object.entries(classes)
    .filter(([name]) => name !== 'default')
    .map(([name, options]) => ({
      group: options.when?.group?.toLowerCase(),
      under: options.when?.under?.toLowerCase(),
      filled: fill(name, fallback, options),
    }))
  if (others.length === 0) return () => fallback
  return (person) =>
    others.find(
      ({ group, under }) =>
        (group === undefined || person.groups.some((own) => isGroup(own.toLowerCase(), group))) &&
        (under === undefined || person.dn.toLowerCase().endsWith(`,${under}`)),
    )?.filled ?? fallback
}

/** `CN=Sales,OU=Groups,…` is meant by its DN or by its name alone. */
function isGroup(own: string, wanted: string): boolean {
  return own === wanted || /^[a-z]+=((?:[^,\\]|\\.)*)/.exec(own)?.[1] === wanted
}

function fill(name: string, base: EndpointClass, options: ClassOptions): EndpointClass {
  const { when: _, ...set } = options
  return { ...base, ...set, name }
}

import { Type, type Static } from 'typebox'
import type { Complaint } from '../../complaint.ts'
import { callClassProperties } from '../caller/class-options.ts'
import { checkRules } from '../caller/options.ts'
import { oneOf } from './one-of.ts'
import { isQueueName } from './queue-options.ts'
import { checkSteps } from './steps.ts'

const further = (table: string, example: string) =>
  Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
      description: `Further columns of ${table}, e.g. \`${example}\`. Asterisk refuses a whole phone for one wrong value.`,
    }),
  )

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
    didContext: Type.Optional(
      Type.Boolean({
        description:
          'Whoever has a public number calls from a context that is named by it (its digits, without +), so that the dialplan knows which number to show; the others from `context`.',
      }),
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
    steps: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        description:
          'What the dialplan does for a number of such a person, a step each, with {phones}, {mailbox}, {seconds}, {order} and {number} filled in. Each step costs a call milliseconds.',
      }),
    ),
    voicemail: Type.Optional(Type.Boolean({ description: 'Whether the person has a mailbox.' })),
    mwi: Type.Optional(
      oneOf(['subscribe', 'notify'], {
        description:
          'Message lamp: phones `subscribe`, or Asterisk sends `notify` to phones that cannot. With `notify` Asterisk asks for the list of everybody when it starts; with `listEverybody: false` it gets those who have a phone.',
      }),
    ),
    auth: Type.Optional(
      oneOf(['userpass', 'md5', 'digest'], {
        description:
          'What Asterisk is given of the SIP secret: the secret (`userpass`), its MD5 (`md5`), or MD5 and SHA-256 (`digest`, Asterisk 22 and later).',
      }),
    ),
    realm: Type.Optional(
      Type.String({
        pattern: String.raw`^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,62}$`,
        description: 'SIP realm that the digests are made for and that phones are asked in.',
      }),
    ),
    callGroup: Type.Optional(
      oneOf(['directory', 'first-digit'], {
        description:
          'Call and pickup group: what is mapped, or with `first-digit` that of the extension where nothing is.',
      }),
    ),
    queue: Type.Optional(
      Type.String({ description: 'Queue that everybody of this class is a member of.' }),
    ),
    nat: Type.Optional(
      Type.Boolean({
        description: 'Phones behind address translation: answer where they sent from.',
      }),
    ),
    transport: Type.Optional(Type.String({ description: 'Name of the PJSIP transport to use.' })),
    language: Type.Optional(Type.String({ description: 'Language of prompts, e.g. `de`.' })),
    musicOnHold: Type.Optional(
      Type.String({ description: 'Class of music that others hear on hold (`moh_suggest`).' }),
    ),
    variables: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Channel variables that calls from the phone begin with (`set_var`).',
      }),
    ),
    endpoint: further('ps_endpoints', 'rtp_timeout: 60'),
    aor: further('ps_aors', 'minimum_expiration: 120'),
    peer: further('sippeers', 'call-limit: 4'),
    ...callClassProperties,
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

export function checkClasses(classes: Readonly<Record<string, ClassOptions>>): Complaint[] {
  return Object.entries(classes).flatMap(([name, options]) => {
    const path = `classes.${name}`
    return [
      ...checkWhen(name, options, path),
      ...checkVariables(options, path),
      ...checkFurther(options, path),
      ...checkSteps(options.steps ?? [], path),
      ...checkQueue(options, path),
      ...checkRules(options.callerRules ?? [], `${path}.callerRules`),
    ]
  })
}

function checkWhen(name: string, { when }: ClassOptions, path: string): Complaint[] {
  if (name === 'default') {
    const problem = 'the class `default` is for everybody and takes no condition'
    return when ? [{ path: `${path}.when`, problem }] : []
  }
  if (when?.group || when?.under) return []
  return [
    {
      path: `${path}.when`,
      problem: 'missing; say who belongs to this class, by group or under',
      example: '{ group: "CN=Sales,OU=Groups,DC=example,DC=org" }',
    },
  ]
}

function checkVariables({ variables = {} }: ClassOptions, path: string): Complaint[] {
  return Object.keys(variables)
    .filter((variable) => !/^[A-Za-z_][\w]*$/.test(variable))
    .map((variable) => ({
      path: `${path}.variables`,
      problem: `'${variable}' cannot be the name of a channel variable; expected letters, digits and _`,
      example: 'TENANT',
    }))
}

/** Who somebody is and what proves it is not for a configuration to say. */
const ours: ReadonlySet<string> = new Set(
  'id name aors auth username password secret md5secret set_var setvar type host'.split(' '),
)

function checkFurther(options: ClassOptions, path: string): Complaint[] {
  return (['endpoint', 'aor', 'peer'] as const).flatMap((table) =>
    Object.entries(options[table] ?? {}).flatMap(([column, value]) => {
      const at = `${path}.${table}.${column}`
      if (!/^[a-z][a-z0-9_-]*$/.test(column)) {
        return [{ path: at, problem: 'is no column; expected small letters, digits and _' }]
      }
      if (ours.has(column)) {
        return [{ path: at, problem: 'is made by Peerage for each person and cannot be set here' }]
      }
      // A line break would begin another line in a file made of it.
      if (/\p{Cc}/u.test(String(value))) {
        return [{ path: at, problem: 'holds a control character; expected one line of text' }]
      }
      return []
    }),
  )
}

function checkQueue({ queue }: ClassOptions, path: string): Complaint[] {
  if (queue === undefined || isQueueName(queue)) return []
  const problem = `'${queue}' is no name for a queue; expected letters, digits, _ and -`
  return [{ path: `${path}.queue`, problem, example: 'sales' }]
}

import { Type, type Static } from 'typebox'
import { Default } from 'typebox/value'
import type { Complaint } from '../../complaint.ts'
import { isDialable } from '../../person/dialable.ts'
import { oneOf } from './one-of.ts'

const queueOptions = Type.Object(
  {
    group: Type.Optional(
      Type.String({
        description:
          'Name or DN of the group whose members are rung. Without it: who is in a class with `queue`.',
      }),
    ),
    extension: Type.Optional(
      Type.String({
        description: 'Number under which the queue is reached inside, before anybody who wants it.',
      }),
    ),
    strategy: oneOf(
      [
        'ringall',
        'leastrecent',
        'fewestcalls',
        'random',
        'rrmemory',
        'rrordered',
        'linear',
        'wrandom',
      ],
      { default: 'ringall', description: 'In which order members are rung.' },
    ),
    timeoutSeconds: Type.Integer({
      default: 15,
      minimum: 1,
      description: 'How long a member is rung.',
    }),
    retrySeconds: Type.Integer({
      default: 5,
      minimum: 0,
      description: 'Pause before members are rung again.',
    }),
    wrapupSeconds: Type.Integer({
      default: 0,
      minimum: 0,
      description: 'Rest of a member after a call.',
    }),
    maxWaiting: Type.Integer({ default: 0, minimum: 0, description: 'Longest queue; 0: any.' }),
    ringBusy: Type.Boolean({
      default: false,
      description: 'Whether members who are talking are rung, too (`ringinuse`).',
    }),
    penalty: Type.Integer({
      default: 0,
      minimum: 0,
      description: 'Penalty of members until somebody changes it over AMI or the dialplan.',
    }),
    interface: Type.String({
      default: 'PJSIP/{extension}',
      description:
        'Channel that rings a member. `SIP/{extension}` for chan_sip; `Local/{extension}@internal/n` goes through the dialplan.',
    }),
    stateInterface: Type.Optional(
      Type.String({
        description:
          'Whose device state counts for a member with a Local interface, e.g. `PJSIP/{extension}`.',
      }),
    ),
    options: Type.Record(
      Type.String(),
      Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
      {
        default: {},
        description: 'Further columns of queues, as in queues.conf, e.g. `joinempty: strict`.',
      },
    ),
  },
  { additionalProperties: false },
)

export const queueProperties = {
  queues: Type.Record(Type.String(), queueOptions, {
    default: {},
    description: 'Call queues by name; their members are people of a group or a class.',
  }),
}

export type QueueOptions = Static<typeof queueOptions>

/** The queues that are named, and with plain settings those that only a class names. */
export function fillQueues(
  queues: Readonly<Record<string, QueueOptions>>,
  classes: Readonly<Record<string, { readonly queue?: string }>>,
): Readonly<Record<string, QueueOptions>> {
  const implied = Object.values(classes).flatMap(({ queue }) => queue ?? [])
  const plain = implied.map((name) => [name, Default(queueOptions, {}) as QueueOptions] as const) // all have defaults
  return { ...Object.fromEntries(plain), ...queues }
}

/** A part of `Queue(sales)` and of a column that Asterisk sends back, which holds 255 characters. */
export function isQueueName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)
}

export function checkQueues(queues: Readonly<Record<string, QueueOptions>>): Complaint[] {
  return Object.entries(queues).flatMap(([name, options]) => {
    const complaints: Complaint[] = []
    const path = `queues.${name}`
    const complain = (at: string, problem: string, example: string) =>
      complaints.push({ path: at === '' ? path : `${path}.${at}`, problem, example })
    if (!isQueueName(name)) {
      complain('', 'is no name for a queue; expected letters, digits, _ and -', 'sales')
    }
    if (options.extension !== undefined && !isDialable(options.extension)) {
      complain('extension', 'cannot be dialled; expected letters, digits and . _ + * # -', '600')
    }
    for (const at of ['interface', 'stateInterface'] as const) {
      const text = options[at]
      if (text !== undefined && !/^[A-Za-z0-9]+\/[A-Za-z0-9{}@./_-]*$/.test(text)) {
        complain(at, 'is no channel; expected a technology and a name', 'PJSIP/{extension}')
      }
    }
    for (const [column, value] of Object.entries(options.options)) {
      if (/^[a-z][a-z0-9_-]*$/.test(column) && column !== 'name' && !/\p{Cc}/u.test(String(value)))
        continue
      complain(`options.${column}`, 'is no column of queues, or not one line of text', 'joinempty')
    }
    return complaints
  })
}

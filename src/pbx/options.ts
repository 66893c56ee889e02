import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'
import { ariOptions, checkAri } from './ari-options.ts'

const amiOptions = Type.Object(
  {
    host: Type.String({
      default: '127.0.0.1',
      minLength: 1,
      description: 'Where its manager interface listens: `bindaddr` in manager.conf.',
    }),
    port: Type.Integer({
      default: 5038,
      minimum: 1,
      maximum: 65_535,
      description: 'Port of the manager interface; 5039 is usual with `tls`.',
    }),
    user: Type.String({ description: 'Name of a section in manager.conf.' }),
    password: Type.Optional(Type.String({ description: '`secret` of that section.' })),
    passwordFile: Type.Optional(
      Type.String({ description: 'File that holds the password instead.' }),
    ),
    tls: Type.Boolean({
      default: false,
      description: 'Whether to speak TLS (`tlsenable` in manager.conf).',
    }),
    caFile: Type.Optional(
      Type.String({
        description: 'Authority that signed its certificate (PEM), if not a usual one.',
      }),
    ),
  },
  { additionalProperties: false, description: 'Its manager interface (AMI).' },
)

export const asteriskOptions = Type.Object(
  {
    name: Type.String({ description: 'A name of your own, for logs and status.' }),
    ami: amiOptions,
    ari: Type.Optional(ariOptions),
    technology: Type.Optional(
      Type.Union([Type.Literal('pjsip'), Type.Literal('sip'), Type.Literal('both')], {
        description: 'Which SIP channel its people use; default: what Asterisk says it has.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const pbxProperties = {
  asterisk: Type.Array(asteriskOptions, {
    default: [],
    description: 'The Asterisks that are told what changed, so that they may remember the rest.',
  }),
}

export type AsteriskOptions = Static<typeof asteriskOptions>
export type AmiOptions = AsteriskOptions['ami']
export type Technology = NonNullable<AsteriskOptions['technology']>

export function checkAsterisk(options: readonly AsteriskOptions[]): Complaint[] {
  return options.flatMap(({ name, ami, ari }, index) => {
    const path = `asterisk[${index}]`
    const complaints: Complaint[] = []
    if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) {
      const problem = 'is not a name for an Asterisk; expected small letters, digits and hyphens'
      complaints.push({ path: `${path}.name`, problem, example: 'pbx1' })
    }
    if (options.findIndex((other) => other.name === name) !== index) {
      complaints.push({ path: `${path}.name`, problem: `'${name}' is taken by another Asterisk` })
    }
    if (ari) complaints.push(...checkAri(ari, `${path}.ari`))
    return [...complaints, ...checkAmi(ami, `${path}.ami`)]
  })
}

/** Both end up in a line of their own, and manager.conf cannot hold anything else either. */
const oneLine = /^[^\p{Cc}]{1,200}$/u

function checkAmi({ user, password, tls, caFile }: AmiOptions, path: string): Complaint[] {
  const complaints: Complaint[] = []
  if (!oneLine.test(user)) {
    const problem = 'is not the name of a section in manager.conf'
    complaints.push({ path: `${path}.user`, problem, example: 'peerage' })
  }
  if (password === undefined || password === '') {
    const problem = 'is missing; expected the `secret` of the user in manager.conf'
    const example = 'passwordFile: /run/secrets/ami'
    complaints.push({ path: `${path}.password`, problem, example })
  } else if (!oneLine.test(password)) {
    complaints.push({
      path: `${path}.password`,
      problem: 'has control characters in it, or more than 200 characters',
    })
  }
  if (caFile !== undefined && !tls) {
    complaints.push({
      path: `${path}.caFile`,
      problem: 'says nothing without tls',
      example: 'tls: true',
    })
  }
  return complaints
}

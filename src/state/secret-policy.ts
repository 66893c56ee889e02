import { Type, type Static } from 'typebox'
import type { SecretKind } from './secrets.ts'

/** How a source's people come by the secrets that the directory does not give. */
export interface SecretPolicy {
  /** PIN of a new person; null: six random digits. */
  readonly initialPin: string | null
  /** Of the kinds that the directory is asked for: when its word replaces what is in force. */
  readonly overwrite?: Readonly<Partial<Record<SecretKind, Overwrite>>>
}

export type Overwrite = 'never' | 'changed' | 'always'

const from = Type.Object(
  {
    from: Type.String({ description: 'Attribute of the directory that holds it.' }),
    overwrite: Type.Optional(
      Type.Union([Type.Literal('never'), Type.Literal('changed'), Type.Literal('always')], {
        description:
          'When the directory replaces the one in force: `never` (only its first word counts), when the directory’s own has `changed` (default), or `always` when it is another one.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const secretProperties = {
  secrets: Type.Optional(
    Type.Object(
      {
        sip: Type.Optional(
          Type.Union([Type.Literal('random'), from], {
            description: 'SIP secrets: `random` (made once and kept), or from an attribute.',
            default: 'random',
          }),
        ),
        pin: Type.Optional(
          Type.Union(
            [
              Type.Literal('random'),
              Type.Object(
                {
                  initial: Type.String({
                    pattern: '^[0-9]{3,16}$',
                    description: 'For everybody new.',
                  }),
                },
                { additionalProperties: false },
              ),
              from,
            ],
            {
              description:
                'PINs for voicemail and portal: `random` (six digits), the same `initial` one for everybody new, or from an attribute.',
              default: 'random',
            },
          ),
        ),
      },
      { additionalProperties: false, description: 'How people come by their secrets.' },
    ),
  ),
}

const secretOptions = Type.Object(secretProperties)
export type SecretOptions = Static<typeof secretOptions>

/** What the mapping may take secrets from, besides `secrets`. */
interface SecretMap {
  readonly map?: Readonly<Partial<Record<'sipSecret' | 'pin' | 'voicemailPin', unknown>>>
}

export function compileSecretPolicy({
  secrets,
  map = {},
}: SecretOptions & SecretMap): SecretPolicy {
  const { sip, pin } = secrets ?? {}
  return {
    initialPin: typeof pin === 'object' && 'initial' in pin ? pin.initial : null,
    overwrite: {
      ...(map.sipSecret ? { sip: 'changed' } : {}),
      ...(map.pin ? { pin: 'changed' } : {}),
      ...(map.voicemailPin ? { voicemailPin: 'changed' } : {}),
      ...(typeof sip === 'object' ? { sip: sip.overwrite ?? 'changed' } : {}),
      ...(typeof pin === 'object' && 'from' in pin ? { pin: pin.overwrite ?? 'changed' } : {}),
    },
  }
}

/** Rules that the mapping gets on top of its own for secrets that the directory holds. */
export function secretRules({ secrets }: SecretOptions): { sipSecret?: string; pin?: string } {
  const { sip, pin } = secrets ?? {}
  return {
    ...(typeof sip === 'object' ? { sipSecret: sip.from } : {}),
    ...(typeof pin === 'object' && 'from' in pin ? { pin: pin.from } : {}),
  }
}

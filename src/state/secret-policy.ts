import { Type, type Static } from 'typebox'
import type { SecretPolicy } from './secrets.ts'

const from = Type.Object(
  { from: Type.String({ description: 'Attribute of the directory that holds it.' }) },
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

export function compileSecretPolicy({ secrets }: SecretOptions): SecretPolicy {
  const pin = secrets?.pin
  return { initialPin: typeof pin === 'object' && 'initial' in pin ? pin.initial : null }
}

/** Rules that the mapping gets on top of its own for secrets that the directory holds. */
export function secretRules({ secrets }: SecretOptions): { sipSecret?: string; pin?: string } {
  const { sip, pin } = secrets ?? {}
  return {
    ...(typeof sip === 'object' ? { sipSecret: sip.from } : {}),
    ...(typeof pin === 'object' && 'from' in pin ? { pin: pin.from } : {}),
  }
}

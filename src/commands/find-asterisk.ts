import type { AsteriskOptions } from '../pbx/options.ts'

/** The named Asterisk of peerage.yaml; the first without a name. Throws for an unknown name. */
export function findAsterisk(
  configured: readonly AsteriskOptions[],
  name: string | undefined,
): AsteriskOptions | undefined {
  if (name === undefined) return configured[0]
  const found = configured.find((each) => each.name === name)
  if (found) return found
  const known = configured.map((each) => each.name).join(', ') || 'none'
  throw new Error(`there is no Asterisk '${name}' in peerage.yaml; known are ${known}`)
}

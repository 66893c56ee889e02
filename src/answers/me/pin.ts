import type { Person } from '../../person/person.ts'
import type { Secrets } from '../../state/secrets.ts'
import type { Sync } from '../../sync/sync.ts'
import type { MeOptions } from './options.ts'

export interface PinDeps {
  readonly secrets: Pick<Secrets, 'choosePin' | 'isDictated'>
  readonly syncs: readonly Pick<Sync, 'name' | 'secretPolicy'>[]
  readonly me: MeOptions
}

/**
 * Why a PIN is none. `directory`: it is kept there and cannot be changed here. `usual`: the one that
 * everybody new gets. `easy`: one digit only, or digits in a row.
 */
export type PinProblem = 'digits' | 'short' | 'long' | 'easy' | 'extension' | 'usual' | 'directory'

/** app_voicemail takes no more. */
export const mostPinDigits = 16

/** Whether somebody's PIN is kept in the directory. */
export function isPinDictated({ id, source }: Person, { secrets, syncs }: PinDeps): boolean {
  const policy = syncs.find(({ name }) => name === source)?.secretPolicy
  return policy !== undefined && secrets.isDictated(id, 'pin', policy)
}

/** Resolves when it is kept, with null, or with what is wrong with it. */
export async function changePin(
  person: Person,
  pin: string,
  deps: PinDeps,
): Promise<PinProblem | null> {
  const problem = isPinDictated(person, deps) ? 'directory' : pinProblem(person, pin, deps)
  if (problem === null) await deps.secrets.choosePin(person.id, pin)
  return problem
}

function pinProblem(
  { source, extension }: Person,
  pin: string,
  { me, syncs }: PinDeps,
): PinProblem | null {
  if (!/^[0-9]+$/.test(pin)) return 'digits'
  if (pin.length < me.fewestPinDigits) return 'short'
  if (pin.length > mostPinDigits) return 'long'
  if (new Set(pin).size === 1 || isRow(pin, 1) || isRow(pin, -1)) return 'easy'
  if (pin === extension) return 'extension'
  const policy = syncs.find(({ name }) => name === source)?.secretPolicy
  return pin === policy?.initialPin ? 'usual' : null
}

/** `3456`, `8901`, `4321`. */
function isRow(pin: string, step: 1 | -1): boolean {
  return Array.from(pin).every(
    (digit, at) => at === 0 || Number(digit) === (Number(pin[at - 1]) + step + 10) % 10,
  )
}

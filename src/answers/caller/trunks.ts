import { compileNumberRules, type NumberRule } from '../../person/number-rules.ts'
import type { CallOptions } from './options.ts'

/** How a trunk writes numbers, ready for use. */
export interface Trunk {
  readonly in: readonly NumberRule[]
  readonly out: readonly NumberRule[]
  readonly extensions: boolean
}

const plainTrunk: Trunk = { in: [], out: [], extensions: false }

/** The trunk of a name; one that is not configured has no rules. */
export type TrunkOf = (name: string | undefined) => Trunk

export function compileTrunks({ trunks }: Pick<CallOptions, 'trunks'>): TrunkOf {
  const compiled = new Map(
    Object.entries(trunks).map(([name, options]): [string, Trunk] => [
      name,
      {
        in: compileNumberRules(options.in ?? []),
        out: compileNumberRules(options.out ?? []),
        extensions: options.extensions === true,
      },
    ]),
  )
  return (name) => compiled.get(name ?? '') ?? plainTrunk
}

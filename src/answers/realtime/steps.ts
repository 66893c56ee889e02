import type { Complaint } from '../../complaint.ts'

/**
 * Templates of dialplan steps, `Application(arguments)`. One step is what a call should cost: it
 * jumps into dialplan that stands in `asterisk/…/extensions.conf` and does not come back.
 */
export const usualSteps: readonly string[] = [
  'Gosub(peerage-ring,s,1({phones},{mailbox},{seconds}{order}))',
]

/** What is filled in. Each is made of dialable ids, digits and names of contexts only. */
export interface StepValues {
  /** Extensions joined by `&`. */
  readonly phones: string
  /** `501@default`, or nothing. */
  readonly mailbox: string
  readonly seconds: string
  /** `,order` for those who share a number and are rung one after the other, else nothing. */
  readonly order: string
  /** What was dialled. */
  readonly number: string
}

/** pbx_realtime.c: `char appdata[512]`, and one byte less is filled; a longer one is cut silently. */
export const longestAppdata = 510

export function fillStep(
  template: string,
  values: StepValues,
): { readonly app: string; readonly appdata: string } {
  const bracket = template.indexOf('(')
  const appdata = template
    .slice(bracket + 1, -1)
    .replaceAll(placeholder, (whole, name: string) => values[name as keyof StepValues] ?? whole)
  return { app: template.slice(0, bracket), appdata }
}

const placeholder = /(?<!\$)\{([a-z]+)\}/g
const known: readonly string[] = ['phones', 'mailbox', 'seconds', 'order', 'number']

export function checkSteps(steps: readonly string[], path: string): Complaint[] {
  return steps.flatMap((step, index): Complaint[] => {
    const at = `${path}.steps.${index}`
    if (!/^[A-Za-z]\w*\([^\p{Cc}]*\)$/u.test(step) || step.length > 300) {
      const problem = 'is no step; expected an application and its arguments in brackets'
      return [{ path: at, problem, example: usualSteps[0] ?? '' }]
    }
    return Array.from(step.matchAll(placeholder), ([, name = '']) => name)
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: at,
        problem: `{${name}} is not filled in; known are ${known.map((one) => `{${one}}`).join(', ')}`,
      }))
  })
}

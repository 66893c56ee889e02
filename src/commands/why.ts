import type { Why } from '../answers/admin/why.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'

export interface WhyOptions {
  readonly trunk?: string | undefined
  readonly from?: string | undefined
  readonly json: boolean
}

/** `peerage why NUMBER`: what it means as a caller's and as a called number, step by step. */
export async function why(
  named: string | undefined,
  number: string,
  options: WhyOptions,
): Promise<number> {
  if (number === '') throw new Error('why what? give a number: peerage why 01703920018')
  const { config } = loadConfig(named)
  const asked = new URLSearchParams({ q: number })
  if (options.trunk !== undefined) asked.set('trunk', options.trunk)
  if (options.from !== undefined) asked.set('from', options.from)
  const answer = (await askService(config, 'GET', `/api/why?${asked}`)) as Why // see answers/admin
  process.stdout.write(options.json ? `${JSON.stringify(answer, null, 2)}\n` : whyText(answer))
  return 0
}

/** One paragraph a question, the steps in their order, the answer at the end. */
export function whyText({ caller, called, outbound }: Why): string {
  const paragraphs = [
    ['Who is calling', [...caller.match.why, `→ ${callerText(caller)}`]],
    ['Whom it rings as a public number', [...called.why, `→ ${calledText(called)}`]],
    ...(outbound === null
      ? []
      : [['What a call to it shows', [...outbound.why, `→ ${outboundText(outbound)}`]] as const]),
  ] as const
  return paragraphs
    .map(([title, steps]) => `${title}\n${steps.map((step) => `  ${step}\n`).join('')}`)
    .join('\n')
}

function callerText({ name, match, isVip }: Why['caller']): string {
  if (name === null) return match.how === 'withheld' ? 'nobody: withheld' : 'nobody'
  const notes = [match.kind, match.organisation, isVip ? 'VIP' : null].filter(
    (note) => note !== null,
  )
  return notes.length === 0 ? name : `${name} (${notes.join(', ')})`
}

function calledText({ how, extensions, ring }: Why['called']): string {
  if (extensions.length === 0) return 'nobody'
  const order = extensions.length > 1 ? (ring === 'order' ? ', in order' : ', all at once') : ''
  return `${extensions.join(', ')}${order} (${how})`
}

function outboundText({ number, isWithheld, dial }: NonNullable<Why['outbound']>): string {
  const shown = number === null ? 'no number' : isWithheld ? `${number}, hidden` : number
  return `shows ${shown}; dials ${dial ?? 'nothing'}`
}

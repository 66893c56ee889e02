/** Makers of telephones as a metric names them: few, whatever a telephone calls itself. */
export const makers = [
  'aastra',
  'alcatel',
  'asterisk',
  'avaya',
  'baresip',
  'cisco',
  'digium',
  'escene',
  'fanvil',
  'flyingvoice',
  'fritzbox',
  'gigaset',
  'grandstream',
  'htek',
  'linphone',
  'microsip',
  'mitel',
  'panasonic',
  'polycom',
  'sangoma',
  'snom',
  'thomson',
  'yealink',
  'zoiper',
] as const

/** Who made what registers under this User-Agent; `other`: nobody that is known here. */
export function makerOf(userAgent: string): string {
  // At the start only: some softphones name every maker, to be let in everywhere.
  const words = userAgent
    .slice(0, 60)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
  return spellings.find(([start]) => words.startsWith(start))?.[1] ?? 'other'
}

const spellings: readonly (readonly [start: string, maker: string])[] = [
  ...makers.map((maker) => [maker, maker] as const),
  ['poly', 'polycom'],
  ['filetransportpoly', 'polycom'],
  ['linksys', 'cisco'],
  ['sipura', 'cisco'],
  ['avm', 'fritzbox'],
  ['ale', 'alcatel'],
  ['mozillacompatiblesnom', 'snom'],
]

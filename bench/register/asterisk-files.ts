import { readFile } from 'node:fs/promises'

/** Files of Asterisk that differ from the shipped ones, by name. */
export type Files = Readonly<Record<string, string>>

/** What Asterisk knows of people by tables, one row a person. */
export type Tables = Readonly<Record<Table, readonly Row[]>>
export type Table = (typeof tables)[number]
export type Row = readonly (readonly [column: string, value: string])[]

export const tables = ['ps_endpoints', 'ps_auths', 'ps_aors'] as const

/** Only what is wrong is logged. */
const quiet: Files = { 'logger.conf': '[general]\n[logfiles]\nmessages => warning,error\n' }

/** People in pjsip.conf, and nothing asked from anybody. */
export async function staticFiles(people: Tables): Promise<Files> {
  const sections = tables.flatMap((table) =>
    people[table].map((row) => {
      const columns = row.filter(([column]) => column !== 'id')
      const id = row.find(([column]) => column === 'id')?.[1]
      const lines = columns.map(([column, value]) => `${column} = ${value}`)
      return `[${id}]\ntype = ${table.slice(3, -1)}\n${lines.join('\n')}\n`
    }),
  )
  return {
    ...quiet,
    'pjsip_trunks.conf': sections.join('\n'),
    'extconfig.conf': '[settings]\n',
    'sorcery.conf': '[res_pjsip]\n',
  }
}

export interface PeerageFiles {
  readonly hasCaches: boolean
  readonly contacts: 'local' | 'shared'
}

/** The files of `asterisk/22`. */
export async function peerageFiles({ hasCaches, contacts }: PeerageFiles): Promise<Files> {
  let sorcery = await shipped('sorcery.conf')
  if (!hasCaches) sorcery = sorcery.replaceAll(/^\w+\/cache = .*\n/gm, '')
  if (contacts === 'local') sorcery = sorcery.replace(shared, 'contact = astdb,registrar')
  return { ...quiet, 'sorcery.conf': sorcery }
}

const shared = /^contact = realtime,ps_contacts$/m

/** The same questions, asked by another driver of realtime; contacts are local. */
export async function driverFiles(module: string, mapping: (table: Table) => string, more: Files) {
  const asked = tables.map((table) => `${table} => ${mapping(table)}\n`).join('')
  const modules = await shipped('modules.conf')
  const curl = 'load = res_config_curl.so'
  return {
    ...(await peerageFiles({ hasCaches: false, contacts: 'local' })),
    'extconfig.conf': `[settings]\n${asked}`,
    'modules.conf': modules.replace(curl, `${curl}\nload = ${module}`),
    ...more,
  }
}

function shipped(name: string): Promise<string> {
  return readFile(new URL(`../../asterisk/22/${name}`, import.meta.url), 'utf8')
}

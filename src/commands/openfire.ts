import { openfireConfiguration } from '../answers/auth/openfire.ts'
import { directoryAddress } from '../directory/sources.ts'
import { compileMapping } from '../mapping/compile-mapping.ts'
import { rulesOf } from '../mapping/rules-of.ts'
import { namesIn } from '../mapping/rule.ts'
import { compileSite } from '../person/site.ts'
import { loadConfig } from './load-config.ts'

/** `peerage openfire [SOURCE]`: Openfire's configuration for a directory of ours. */
export async function openfire(named: string | undefined, wanted?: string): Promise<number> {
  const { config } = loadConfig(named)
  const [first = ''] = Object.keys(config.sources)
  const source = wanted ?? first
  const options = config.sources[source]
  if (!options) throw new Error(`there is no source '${source}'`)
  const address = directoryAddress(options)
  if (!address) {
    throw new Error(
      `source '${source}' names no servers (an LDIF file, or a domain); Openfire wants their addresses: write sources.${source}.servers`,
    )
  }
  const rules = rulesOf(options)
  const attribute = (field: 'user' | 'name' | 'email', usual: string) =>
    namesIn(rules.get(field) ?? [])[0] ?? usual
  const { request } = compileMapping({ source, options, site: compileSite(config.site) })
  const text = openfireConfiguration({
    ...address,
    base: options.base ?? '',
    user: options.bind?.user ?? null,
    filter: options.filter ?? request.filter,
    userField: attribute('user', 'uid'),
    nameField: attribute('name', 'cn'),
    mailField: attribute('email', 'mail'),
  })
  process.stdout.write(text)
  return 0
}

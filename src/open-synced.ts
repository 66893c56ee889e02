import { compileClasses } from './answers/realtime/classes.ts'
import { fillQueues } from './answers/realtime/queue-options.ts'
import { compileQueuesOf } from './answers/realtime/queues-of.ts'
import type { Config } from './config/schema.ts'
import type { SourceLog } from './directory/source.ts'
import { openSource } from './directory/sources.ts'
import { compileMapping } from './mapping/compile-mapping.ts'
import { expectedAttributes } from './mapping/expected-attributes.ts'
import { keptParts } from './mapping/kept-parts.ts'
import type { Site } from './person/site.ts'
import { compileSecretPolicy, secretRules } from './state/secret-policy.ts'
import { compileGuard } from './sync/guard.ts'
import { compileLeavers } from './sync/leavers.ts'
import type { SyncedSource } from './sync/synced-source.ts'

/** One configured source with all that belongs to it, for a service as for a dry run. */
export function openSynced(name: string, config: Config, site: Site, log: SourceLog): SyncedSource {
  const options = config.sources[name]
  if (!options) throw new Error(`there is no source '${name}'`)
  const map = { ...options.map, ...secretRules(options) }
  const mapped = { ...options, map }
  const mapping = compileMapping({ source: name, options: mapped, site })
  return {
    source: openSource(name, options, mapping.request, log),
    mapping,
    secrets: compileSecretPolicy(options),
    leavers: compileLeavers(options),
    guard: compileGuard(config, options),
    expected: expectedAttributes(mapped),
    keep: keptParts(options),
    queuesOf: queuesIn(config),
  }
}

function queuesIn({ queues, classes }: Config) {
  return compileQueuesOf(fillQueues(queues, classes), compileClasses(classes))
}

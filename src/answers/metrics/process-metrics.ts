import { collectDefaultMetrics, Registry } from 'prom-client'

let known: Registry | null = null

/**
 * What prom-client says of the process itself. Its observer of garbage collection never ends, and
 * would keep in memory whatever stands in the same registry: there is one, as there is one process,
 * for every service that this process has, one after the other.
 */
export function processMetrics(): Registry {
  if (known === null) {
    known = new Registry()
    collectDefaultMetrics({ register: known })
  }
  return known
}

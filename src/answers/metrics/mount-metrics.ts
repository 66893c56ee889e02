import type { FastifyInstance } from 'fastify'
import { openMetrics, type MetricsDeps } from './metrics.ts'

/** `GET /metrics` for Prometheus, in its text format. */
export function mountMetrics(app: FastifyInstance, deps: MetricsDeps): void {
  const registry = openMetrics(deps)
  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(registry.contentType)
      .send(await registry.metrics()),
  )
}

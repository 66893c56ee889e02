import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'

const css = 'text/css; charset=utf-8'
const script = 'text/javascript; charset=utf-8'

/**
 * What the pages load, from here and nowhere else: read once, at the start. Returns the address of
 * each, which has its digest in it, so that a browser may keep it for ever.
 */
export function mountAssets(app: FastifyInstance): Readonly<Record<string, string>> {
  const files = [
    { name: 'page.css', type: css, path: new URL('./assets/page.css', import.meta.url) },
    {
      name: 'icon.svg',
      type: 'image/svg+xml',
      path: new URL('./assets/icon.svg', import.meta.url),
    },
    { name: 'htmx.js', type: script, path: packaged('htmx.org/dist/htmx.min.js') },
    { name: 'sse.js', type: script, path: packaged('htmx-ext-sse/dist/sse.min.js') },
  ]
  const addresses: Record<string, string> = {}
  for (const { name, type, path } of files) {
    const content = readFileSync(fileURLToPath(path))
    const digest = createHash('sha256').update(content).digest('hex').slice(0, 12)
    const address = `/assets/${digest}/${name}`
    addresses[name] = address
    app.get(address, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(type).send(content),
    )
  }
  return addresses
}

function packaged(name: string): string {
  return import.meta.resolve(name)
}

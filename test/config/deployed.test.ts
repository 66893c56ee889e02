import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseConfig } from '../../src/config/config.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (name: string) => readFileSync(join(root, name), 'utf8')

interface Composed {
  readonly build?: string | { readonly dockerfile?: string }
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly profiles?: readonly string[]
}

const { services, volumes } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Readonly<Record<string, Composed>>
  volumes: Readonly<Record<string, unknown>>
}

/** What compose makes of `${NAME:-default}` when nothing is set. */
function defaults(environment: Composed['environment'] = {}): Record<string, string> {
  const pairs = Object.entries(environment)
  return Object.fromEntries(pairs.map(([name, text]) => [name, text.replace(/^.*:-|\}$/g, '')]))
}

test.each(Object.entries(services))(
  'the service %s of docker-compose.yml is made of what is there',
  (_name, service) => {
    const { build, depends_on: needs = {}, profiles = [] } = service
    const file = typeof build === 'object' ? build.dockerfile : build && 'Dockerfile'
    if (file !== undefined) {
      const sources = [...read(file).matchAll(/^COPY (?!--from)(\S+) /gm)].map(([, name]) => name)
      for (const name of sources) expect(existsSync(join(root, name ?? '')), name).toBe(true)
    }
    for (const [from = '', to] of (service.volumes ?? []).map((text) => text.split(':'))) {
      if (!from.startsWith('.')) expect(Object.keys(volumes)).toContain(from)
      else if (to === '/etc/peerage/peerage.yaml') {
        const config = parseConfig(read(from), join(root, from), defaults(service.environment))
        expect(Object.keys(config.sources)).toEqual(['company'])
      }
    }
    // Who is not started by himself needs nobody who is started even less.
    for (const each of Object.keys(needs)) {
      const others = services[each]?.profiles ?? []
      expect(others.filter((profile) => !profiles.includes(profile))).toEqual([])
    }
  },
)

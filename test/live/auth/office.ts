import { parseConfig } from '../../../src/config/config.ts'
import { openLogger } from '../../../src/logger.ts'
import { startService, type Service } from '../../../src/service.ts'

export interface Office extends AsyncDisposable {
  readonly service: Service
  readonly url: string
  /** `right` or why not, as `POST /auth/check` says to another server. */
  check(name: string, password: string): Promise<string>
}

/** The real service in this process; PINs are `9` and the extension. `login`: options of that name. */
export async function startOffice(
  sources: Readonly<Record<string, object>>,
  login: object,
): Promise<Office> {
  const config = parseConfig(
    `
site: { country: DE, areaCode: "30", dids: "+49302312 5xx -> 5xx" }
sources: ${JSON.stringify(sources)}
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0" }
login: ${JSON.stringify({ refusalMs: 0, failuresPerAccount: 100_000, systems: ['127.0.0.1'], ...login })}
state: "sqlite::memory:"
log: silent
`,
    'peerage.yaml',
    {},
  )
  const service = await startService(config, { log: openLogger('silent') })
  const runs = await service.ready
  for (const { outcome, error } of runs)
    if (outcome !== 'done') throw new Error(`${outcome}: ${error}`)
  for (const { person } of service.people.members()) {
    await service.state.secrets.choose(person.id, 'pin', `9${person.extension}`)
  }
  const url = `http://127.0.0.1:${service.web.port}`
  return {
    service,
    url,
    async check(name, password) {
      const answer = await fetch(`${url}/auth/check`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, password }),
      })
      const { ok, why, error } = (await answer.json()) as Record<string, string>
      return ok ? 'right' : (why ?? `${answer.status} ${error}`)
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}

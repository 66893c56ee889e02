import { Agent, request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { configText, serveInProcess, type Served } from './support/served.ts'
import { entry } from './support/service.ts'

const people = ['501', '502'].map((number, index) => {
  return entry(`p${number}`, index + 1, { cn: `Person ${number}`, telephoneNumber: number })
})
const ldif = people.join('')

/** One question over a connection that is kept, as Asterisk's are; rejects when nobody answers. */
function ask(url: string, path: string, body: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/${path}`, { method: 'POST', agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve(`${response.statusCode} ${text}`))
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Asks and writes contacts over four connections until it is told to end. */
function keepAsking({ url }: Served) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const stopping = new AbortController()
  const contexts = new Set<string>()
  const problems: string[] = []
  const kept: string[] = []
  async function loop(worker: number): Promise<void> {
    for (let count = 0; !stopping.signal.aborted; count++) {
      const row = await ask(url, 'ps_endpoints/single', 'id=501', agent).catch(String)
      const context = /context=([a-z-]+)/.exec(row)?.[1]
      if (context) contexts.add(context)
      else problems.push(row)
      const id = `501%3B%40${worker}x${count}`
      const stored = `id=${id}&uri=sip%3A501%40127.0.0.1%3A${count + 1}`
      const answer = await ask(url, 'ps_contacts/store', stored, agent).catch(String)
      if (answer === '200 1') kept.push(id)
      else problems.push(answer)
    }
  }
  const loops = Promise.all([0, 1, 2, 3].map(loop))
  return {
    agent,
    contexts,
    problems,
    kept,
    async end() {
      stopping.abort()
      await loops
    },
  }
}

describe('SIGHUP', { timeout: 60_000 }, () => {
  test('takes up a changed configuration while questions go on, and none of them is refused', async () => {
    await using served = await serveInProcess({ ldif })
    await served.logged('"msg":"directory read"')
    const asking = keepAsking(served)
    for (const context of ['office', 'home', 'yard']) {
      const yaml = `classes: { default: { context: ${context} } }`
      await served.write('peerage.yaml', configText(served.pbx, served.web, yaml))
      served.signal('SIGHUP')
      await served.logged('"msg":"ready"')
      await served.logged('"msg":"directory read"')
    }
    await asking.end()
    expect(asking.problems).toEqual([])
    expect([...asking.contexts]).toEqual(['internal', 'office', 'home', 'yard'])
    const contacts = await ask(served.url, 'ps_contacts/multi', 'id%20LIKE=%25', asking.agent)
    expect(asking.kept.length).toBeGreaterThan(9)
    expect(asking.kept.filter((id) => !contacts.includes(`id=${id}&`))).toEqual([])
    asking.agent.destroy()
    served.signal('SIGTERM')
    expect(await served.ended()).toBe(0)
  })

  test('takes up new addresses, and closes the old ones', async () => {
    await using served = await serveInProcess({ ldif })
    await served.logged('"msg":"directory read"')
    await served.write('peerage.yaml', configText(served.web, served.pbx))
    served.signal('SIGHUP')
    await served.logged('"msg":"ready"')
    const agent = new Agent({ keepAlive: false })
    const swapped = `http://127.0.0.1:${served.web}/realtime`
    expect(await ask(swapped, 'ps_endpoints/single', 'id=501', agent)).toContain('id=501')
    await served.write('peerage.yaml', configText(0, served.pbx))
    served.signal('SIGHUP')
    await served.logged('"msg":"ready"')
    await expect(ask(swapped, 'ps_endpoints/single', 'id=501', agent)).rejects.toThrow('REFUSED')
  })

  test('with a file that cannot be used changes nothing, and says all that is wrong', async () => {
    await using served = await serveInProcess({ ldif })
    await served.logged('"msg":"directory read"')
    await served.write('peerage.yaml', configText(served.pbx, served.web, 'guard: { chnges: 3 }'))
    served.signal('SIGHUP')
    await served.logged("did you mean 'changes'?")
    await served.logged('configuration not taken up, the old one goes on')
    const agent = new Agent()
    expect(await ask(served.url, 'ps_endpoints/single', 'id=502', agent)).toContain('id=502')
    agent.destroy()
  })

  test('goes back to the old configuration when the new one does not start', async () => {
    await using served = await serveInProcess({ ldif })
    await served.logged('"msg":"directory read"')
    await using other = await serveInProcess({ ldif })
    await served.write('peerage.yaml', configText(other.pbx, served.web))
    served.signal('SIGHUP')
    await served.logged('another program listens there')
    await served.logged('"msg":"ready"')
    const agent = new Agent()
    expect(await ask(served.url, 'ps_endpoints/single', 'id=502', agent)).toContain('id=502')
    agent.destroy()
  })

  test('with the same configuration reads the directories', async () => {
    await using served = await serveInProcess({ ldif })
    await served.logged('"msg":"directory read"')
    served.signal('SIGHUP')
    await served.logged('"reason":"signal"')
  })
})

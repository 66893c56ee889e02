import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { freeAmi, startAsterisk } from '../../rig/asterisk.ts'
import { freePorts } from '../../rig/free-ports.ts'
import { openPhone } from '../../rig/phone.ts'
import { entry, startTestService } from '../../support/service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const ldif = ['501', '502', '503']
  .map((extension, at) =>
    entry(`u${at}`, at, { telephoneNumber: extension, employeeNumber: `secret-${extension}` }),
  )
  .join('')

/** Hands on what Asterisk asks, but breaks off while `isDying` says so, as a Peerage does that dies. */
async function openGate(to: number, isDying: (path: string, body: string) => boolean) {
  const server = createServer((asked, answer) => {
    let body = ''
    asked.setEncoding('latin1').on('data', (text: string) => (body += text))
    asked.on('end', () => {
      if (isDying(asked.url ?? '', body)) return void asked.socket.destroy()
      const options = { port: to, method: asked.method, path: asked.url, headers: asked.headers }
      const forwarded = request(options, (answered) => {
        answer.writeHead(200, answered.headers)
        answered.pipe(answer)
      })
      forwarded.on('error', () => asked.socket.destroy()).end(body)
    })
  })
  server.keepAliveTimeout = 0
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // not a path
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('phones that registered just before Peerage died have lamps when it is back', async () => {
  await using folder = await temporaryFolder()
  const [port = 0] = await freePorts(1)
  const ami = await freeAmi()
  const options = {
    folder: folder.path,
    ldif,
    state: '"sqlite:./peerage.db"',
    source: 'secrets: { sip: { from: employeeNumber } }',
    pbx: `127.0.0.1:${port}`,
    yaml: `
asterisk: [${JSON.stringify({ name: 'pbx', ami })}]
listEverybody: false
classes: { default: { qualifySeconds: 60 } }
`,
  }
  let isDying = true
  await using gate = await openGate(
    port,
    (path, body) => isDying && path.endsWith('ps_endpoints/multi') && body === 'id%20LIKE=%25',
  )
  await using stack = new AsyncDisposableStack()
  let company = await startTestService(options)
  stack.defer(() => company[Symbol.asyncDispose]())
  await using asterisk = await startAsterisk({ version: 22, realtime: gate.url, ami })
  const opened = (extension: string) =>
    openPhone({ user: extension, secret: `secret-${extension}`, server: asterisk.sipServer })
  const shown = async (extension: string) =>
    /^ Endpoint: +\d.*? {2,}(\S.*?) {2,}/m.exec(
      await asterisk.cli(`pjsip show endpoint ${extension}`),
    )?.[1]
  await company.service.asterisks.settled()
  await using ada = await opened('501')
  await using zoe = await opened('502')
  expect((await ada.register()).status).toBe(200)
  await company[Symbol.asyncDispose]()
  isDying = false
  company = await startTestService(options)
  await company.service.asterisks.settled()
  expect(await shown('501')).toBe('Not in use')
  // Nothing is left of it for who comes later, nor does a reload by hand take anybody away.
  expect((await zoe.register()).status).toBe(200)
  await company.service.asterisks.settled()
  await asterisk.cli('module reload res_pjsip.so')
  expect([await shown('501'), await shown('502'), await shown('503')]).toEqual([
    'Not in use',
    'Not in use',
    'Unavailable',
  ])
})

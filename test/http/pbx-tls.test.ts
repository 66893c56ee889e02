import { once } from 'node:events'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { Realtime } from '../../src/answers/realtime/answer.ts'
import { openPbxListeners } from '../../src/http/open-pbx.ts'
import type { Logger } from '../../src/logger.ts'
import { Probes } from '../../src/pbx/probes.ts'
import { makeCertificates } from '../rig/certificates.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** The listener on copies of the first certificate, looking for renewal all the time. */
async function startListener(folder: string) {
  await using stack = new AsyncDisposableStack()
  const lines: Record<string, unknown>[] = []
  const waiting: (() => void)[] = []
  const note = (about: unknown, message?: unknown) => {
    lines.push({ ...(about as object), message })
    for (const wake of waiting.splice(0)) wake()
  }
  const log = { debug: note, info: note, warn: note, error: note } as Logger
  const pbxTls = { certFile: join(folder, 'live.pem'), keyFile: join(folder, 'live.key') }
  const listen = { pbx: '127.0.0.1:0', web: '127.0.0.1:0', pbxTls }
  const deps = { realtime: new Realtime([], [], log), probes: new Probes(), log, now: Date.now }
  const [{ port }] = await openPbxListeners(listen, { ...deps, certificateMs: 20 }, stack)
  const opened = stack.move()
  return {
    port,
    lines,
    async logged(message: string) {
      while (!lines.some((line) => line['message'] === message)) {
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function status(port: number, ca: Buffer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const options = { host: '127.0.0.1', port, path: '/realtime/none/single', agent: false, ca }
  const asked = request({ ...options, method: 'POST' }, (response) => {
    response.resume()
    resolve(response.statusCode ?? 0)
  })
  asked.on('error', reject).end('id=1')
  return promise
}

test('a renewed certificate is used without a restart, half of a renewal is not', async () => {
  await using folder = await temporaryFolder()
  await using later = await temporaryFolder()
  const first = await makeCertificates(folder.path)
  const second = await makeCertificates(later.path)
  const live = join(folder.path, 'live')
  await copyFile(first.certFile, `${live}.pem`)
  await copyFile(first.keyFile, `${live}.key`)
  await using listener = await startListener(folder.path)
  const oldCa = await readFile(first.caFile)
  const newCa = await readFile(second.caFile)
  expect(await status(listener.port, oldCa)).toBe(200)

  await copyFile(second.certFile, `${live}.pem`)
  await listener.logged('renewed certificate not used, the old one still is')
  expect(listener.lines.at(-1)).toMatchObject({
    problem: expect.stringMatching(/the key is not that of the certificate; check listen\.pbxTls/),
  })
  expect(await status(listener.port, oldCa)).toBe(200)

  await copyFile(second.keyFile, `${live}.key`)
  await listener.logged('certificate read again')
  expect(await status(listener.port, newCa)).toBe(200)
  await expect(status(listener.port, oldCa)).rejects.toThrow(/certificate/)
})

test('who asks without TLS, or does not trust the certificate, is logged with the remedy', async () => {
  await using folder = await temporaryFolder()
  const made = await makeCertificates(folder.path)
  await copyFile(made.certFile, join(folder.path, 'live.pem'))
  await copyFile(made.keyFile, join(folder.path, 'live.key'))
  await using listener = await startListener(folder.path)
  await expect(fetch(`http://127.0.0.1:${listener.port}/realtime/none/single`)).rejects.toThrow()
  await listener.logged('question refused')
  expect(listener.lines.at(-1)).toMatchObject({
    address: '127.0.0.1',
    problem: 'asked without TLS',
    remedy: 'write https:// in extconfig.conf',
  })
  // The same address is not logged again within the minute, whatever it does.
  const strange = connect({ host: '127.0.0.1', port: listener.port, servername: 'localhost' })
  await once(strange, 'error')
  expect(listener.lines.filter(({ message }) => message === 'question refused')).toHaveLength(1)
})

test.each([
  ['a missing key', null, /key cannot be read \(ENOENT\); check listen\.pbxTls\.keyFile/],
  ['what is no key', 'nonsense', /no certificate and key in PEM .*; check listen\.pbxTls/],
])('%s stops the start and is named', async (_, key, message) => {
  await using folder = await temporaryFolder()
  const made = await makeCertificates(folder.path)
  await copyFile(made.certFile, join(folder.path, 'live.pem'))
  if (key !== null) await writeFile(join(folder.path, 'live.key'), key)
  await expect(startListener(folder.path)).rejects.toThrow(message)
})

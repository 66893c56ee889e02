import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { expect, test } from 'vitest'
import { makeCertificates } from '../rig/certificates.ts'
import { entry, startTestService } from '../support/service.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('over TLS, the cookie of a session never goes over a connection without it', async () => {
  await using folder = await temporaryFolder()
  const { certFile, keyFile, caFile } = await makeCertificates(folder.path)
  const listen = `webTls: { address: "127.0.0.1:0", certFile: "${certFile}", keyFile: "${keyFile}" }`
  await using company = await startTestService({ ldif: entry('ada', 1, {}), listen })
  const { webTls, newPassword } = company.service
  const asked = request({
    host: '127.0.0.1',
    port: webTls?.port,
    path: '/login',
    method: 'POST',
    ca: readFileSync(caFile),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  asked.end(new URLSearchParams({ name: 'superadmin', password: newPassword ?? '' }).toString())
  const [answer] = (await once(asked, 'response')) as [IncomingMessage] // see node:http
  answer.resume()
  expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-peerage=.*; HttpOnly; .*; Secure$/)
})

import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { makeCertificates } from '../rig/certificates.ts'
import { entry, startTestService, type TestService } from '../support/service.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const ldif = [
  entry('ina', 1, { cn: 'Ina Berg', givenName: 'Ina', sn: 'Berg', telephoneNumber: '501' }),
  entry('anna', 2, { cn: 'Anna Müller', givenName: 'Anna', sn: 'Müller', telephoneNumber: '503' }),
].join('')
const yaml = 'views: { staff: { language: de }, lobby: { openTo: ["127.0.0.0/8"] } }'
const form = 'lobby/phonebook.xml'

/** What comes back for the bytes, until the other side closes. */
async function exchange({ service }: TestService, bytes: string): Promise<string> {
  const socket = connect(service.web.port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => undefined) // a close in the middle is an answer
  socket.write(Buffer.from(bytes, 'latin1'))
  await new Promise((resolve) => socket.once('close', resolve))
  return Buffer.concat(chunks).toString('latin1')
}

const get = (target: string, more = '') =>
  `GET ${target} HTTP/1.1\r\nHost: pb.example\r\nConnection: close\r\n${more}\r\n`

describe('on the wire', () => {
  test('the length is exact, the type has its charset, and nothing is chunked', async () => {
    await using company = await startTestService({ ldif, yaml })
    const text = await exchange(company, get(`/pb/grandstream/${form}`))
    const [head = '', body = ''] = text.split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 200 /)
    expect(head).toMatch(/\r\ncontent-type: text\/xml; charset=utf-8\r\n/i)
    expect(head).not.toMatch(/transfer-encoding/i)
    expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(body.length)
    expect(body).toMatch(/^<\?xml /)
  })

  test('HEAD says the same without the document, POST and GET answer alike, PUT is forgotten', async () => {
    await using company = await startTestService({ ldif, yaml })
    const url = `http://127.0.0.1:${company.service.web.port}/pb/snom/lobby/tbook.xml`
    const whole = await fetch(url, { headers: { 'accept-encoding': 'identity' } })
    const text = await whole.text()
    const head = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } })
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
    expect(await head.text()).toBe('')
    const posted = await fetch(url, { method: 'POST', body: 'x'.repeat(100_000) })
    expect(await posted.text()).toBe(text)
    const put = await fetch(url, { method: 'PUT', body: '<directory/>' })
    expect([put.status, await put.text()]).toEqual([200, ''])
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405)
  })

  test('a book that did not change is not sent again, and a changed one is', async () => {
    await using company = await startTestService({ ldif, yaml })
    const url = `http://127.0.0.1:${company.service.web.port}/pb/grandstream/${form}`
    const etag = (await fetch(url)).headers.get('etag') ?? ''
    const again = () => fetch(url, { headers: { 'if-none-match': etag } })
    expect((await again()).status).toBe(304)
    await company.change(entry('otto', 3, { cn: 'Otto', sn: 'Tal', telephoneNumber: '505' }))
    const changed = await again()
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).not.toBe(etag)
  })

  test('gzip is for those who ask for it', async () => {
    await using company = await startTestService({ ldif, yaml })
    const target = `/pb/grandstream/${form}`
    const zipped = await exchange(company, get(target, 'Accept-Encoding: deflate, gzip\r\n'))
    const [head = '', ...rest] = zipped.split('\r\n\r\n')
    expect(head).toMatch(/content-encoding: gzip/i)
    const body = gunzipSync(Buffer.from(rest.join('\r\n\r\n'), 'latin1')).toString()
    expect(body).toContain('Müller')
    const plain = await exchange(company, get(target, 'Accept-Encoding: gzip;q=0\r\n'))
    expect(plain).not.toMatch(/content-encoding/i)
  })

  test.each([
    ['64 KB of path', `/pb/snom/lobby/${'a'.repeat(65_536)}`],
    ['64 KB of query', `/pb/snom/lobby/find?q=${'a'.repeat(65_536)}`],
    ['a term of 10,000 characters', `/pb/snom/lobby/find?q=${'a'.repeat(10_000)}`],
    ['bytes that are no UTF-8', '/pb/\xff\xfe/lobby/\xc3\x28?q=\xff'],
    ['percents that are no UTF-8', '/pb/snom/lobby/find?q=%FF%C3%28&%ff=%'],
    ['raw UTF-8', '/pb/snom/lobby/find?q=M\xc3\xbcl'],
    ['raw Latin-1', '/pb/snom/lobby/find?q=M\xfcl'],
    ['a literal #SEARCH', '/pb/yealink/lobby/find?q=#SEARCH'],
    ['a NUL', '/pb/snom/lobby/find?q=%00'],
    ['dots', '/pb/snom/lobby/../../../etc/passwd'],
    ['a name of all objects', '/pb/snom/lobby/__proto__?__proto__=1&constructor=2'],
    ['nothing', '/pb/'],
  ])('%s gets a document or a clean end, never a page of HTML', async (_, target) => {
    await using company = await startTestService({ ldif, yaml })
    const text = await exchange(company, get(target))
    expect(text).toMatch(/^(?:HTTP\/1\.1 (?:200|400|401|404|414|431) |$)/)
    expect(text).not.toMatch(/<html|<!doctype/i)
  })

  test.each([
    ['M%C3%BCl', true],
    ['M%FCl', true],
    ['M\xc3\xbcl', true],
    ['M\xfcl', true],
    ['Anna M\xfcl', true],
    ['mueller', true],
    ['6855', true],
    ['Otto', false],
  ])('Müller is looked for as %j: found %s', async (term, isFound) => {
    await using company = await startTestService({ ldif, yaml })
    const text = await exchange(company, get(`/pb/snom/lobby/find?q=${term}`))
    expect(text.includes('numberdial=503')).toBe(isFound)
  })
})

test('the same is answered over TLS, with links that stay there', async () => {
  await using folder = await temporaryFolder()
  const { certFile, keyFile, caFile } = await makeCertificates(folder.path)
  const listen = `webTls: { address: "127.0.0.1:0", certFile: "${certFile}", keyFile: "${keyFile}" }`
  await using company = await startTestService({ ldif, yaml, listen })
  const { get: getTls } = await import('node:https')
  const { readFileSync } = await import('node:fs')
  const port = company.service.webTls?.port
  const read = (path: string) =>
    new Promise<string>((resolve, reject) => {
      const asked = getTls(
        { host: '127.0.0.1', port, path, ca: readFileSync(caFile) },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
          answer.on('end', () => resolve(text))
        },
      )
      asked.on('error', reject)
    })
  expect(await read('/pb/snom/lobby/input')).toContain(`<Url>https://127.0.0.1:${port}/pb/snom/`)
  expect(await read('/healthz')).toContain('"status":"ok"')
  const { connect: connectTls } = await import('node:tls')
  const socket = connectTls({ host: '127.0.0.1', port, ca: readFileSync(caFile) })
  socket.write(Buffer.from(get('/pb/snom/lobby/find?q=M\xfcl'), 'latin1'))
  const heard = await socket.setEncoding('latin1').reduce((all, part) => `${all}${part}`, '')
  expect(heard).toContain('numberdial=503')
})

describe('the API', () => {
  const open = async () => {
    const company = await startTestService({ ldif, yaml })
    const origin = `http://127.0.0.1:${company.service.web.port}`
    const call = async (method: string, path: string, body?: object) => {
      const answer = await fetch(`${origin}/api${path}`, {
        method,
        headers: {
          authorization: `Bearer ${company.service.newToken}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
    }
    return { company, origin, call, [Symbol.asyncDispose]: () => company[Symbol.asyncDispose]() }
  }

  test('makes an address for a phone, shows its use, and takes it back', async () => {
    await using api = await open()
    const wanted = {
      vendor: 'grandstream',
      view: 'staff',
      device: '000b82a1b2c3',
      origin: api.origin,
    }
    const { json } = await api.call('POST', '/phones', wanted)
    const url = `${String(json['url'])}/phonebook.xml`
    expect((await fetch(url)).status).toBe(200)
    const { phones } = (await api.call('GET', '/phones')).json
    expect(phones).toMatchObject([
      { id: 1, device: '000b82a1b2c3', lastUse: { from: '127.0.0.1' } },
    ])
    expect(JSON.stringify(phones)).not.toMatch(/digest|ha1/)
    expect((await api.call('POST', '/phones/1/revoke')).status).toBe(200)
    expect((await fetch(url)).status).toBe(401)
    expect((await api.call('POST', '/phones', { ...wanted, vendor: 'acme' })).status).toBe(404)
    expect((await api.call('POST', '/phones', { ...wanted, view: 'moon' })).status).toBe(404)
  })

  test('shows what an audience sees, and what a maker would cut', async () => {
    await using api = await open()
    const { json } = await api.call('GET', '/views/lobby/preview?q=mueller&vendor=mitel')
    expect(json).toMatchObject({
      view: 'lobby',
      people: 2,
      found: 1,
      contacts: [{ shown: 'Müller Anna' }],
      book: { form: 'directory.csv', cut: { entries: 0, numbers: 0, names: 0 } },
    })
    expect((await api.call('GET', '/views/moon/preview')).status).toBe(404)
  })
})

test('tokens and their last use survive a restart', async () => {
  await using folder = await temporaryFolder()
  const common = { ldif, yaml, folder: folder.path, state: '"sqlite:./peerage.db"' }
  let token = ''
  {
    await using company = await startTestService(common)
    const phone = { vendor: 'snom', view: 'staff', device: 'a' }
    token = (await company.service.state.phones.make(phone)).token
    await fetch(`http://127.0.0.1:${company.service.web.port}/pb/snom/${token}/find`)
  }
  await using company = await startTestService(common)
  expect(company.service.state.phones.list()).toMatchObject([{ lastUse: { from: '127.0.0.1' } }])
  const url = `http://127.0.0.1:${company.service.web.port}/pb/snom/${token}/find`
  expect((await fetch(url)).status).toBe(200)
})

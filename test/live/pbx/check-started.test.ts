import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, connect, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { entry } from '../../support/service.ts'
import { openExamined, troubles } from './examined.ts'

const shipped = (name: string) =>
  readFile(fileURLToPath(new URL(`../../../asterisk/22/${name}`, import.meta.url)), 'utf8')

describe('an Asterisk that was started so', () => {
  test.each([
    [
      'res_config_curl',
      [/fail modules: res_config_curl is not loaded → load/, /fail probe: .* arrive/],
    ],
    ['func_curl', [/fail modules: func_curl is not loaded/, /fail probe: .* did not arrive here/]],
    ['res_pjsip_registrar', [/fail modules: res_pjsip_registrar is not loaded/]],
    ['pbx_realtime', [/warn modules: pbx_realtime .*: numbers of people cannot be dialled/]],
    [
      'res_sorcery_memory_cache',
      [
        /fail modules: res_sorcery_memory_cache is not loaded, and PJSIP does not start without it/,
        /fail probe: PJSIP does not run/,
      ],
    ],
    [
      'res_sorcery_realtime',
      [
        /fail modules: res_sorcery_realtime .* does not start without/,
        /fail probe: PJSIP does not run/,
      ],
    ],
  ])('without %s', async (module, messages) => {
    const all = await shipped('modules.conf')
    const gone = new RegExp(`^load = ${module}\\.so.*\\n`, 'gm')
    const files = { 'modules.conf': all.replaceAll(gone, '') }
    await using broken = await openExamined({ files })
    const found = troubles(await broken.examine())
    expect(found).toEqual(messages.map((message) => expect.stringMatching(message)))
  })

  test('without the caches that its file names by now', async () => {
    const text = (await shipped('sorcery.conf')).replaceAll(/^\w+\/cache = .*\n/gm, '')
    await using plain = await openExamined({ files: { 'sorcery.conf': text } })
    const line = 'aor/cache = memory_cache,object_lifetime_maximum=86400\naor = realtime,ps_aors'
    const found = troubles(
      await plain.examineWith('sorcery.conf', (now) => now.replace('aor = realtime,ps_aors', line)),
    )
    expect(found).toEqual([
      expect.stringMatching(/^warn caches: endpoint is not cached/),
      expect.stringMatching(/^warn caches: auth is not cached/),
      expect.stringMatching(
        /^warn caches: aor\/cache stands in sorcery\.conf, but Asterisk has no/,
      ),
    ])
  })

  test('with a question that goes to another Peerage', async () => {
    await using other = await openExamined()
    const url = `http://127.0.0.1:${other.company.service.pbx.port}`
    await using astray = await openExamined({ through: () => url })
    expect(troubles(await astray.examine())).toEqual([
      expect.stringMatching(/^fail probe: Asterisk looked for somebody .* did not arrive here/),
    ])
  })

  test('without the token, or with another', async () => {
    const token = 'the-token-that-is-wanted'
    const about = { listen: `pbxToken: ${token}`, expected: { token } }
    await using none = await openExamined(about)
    const found = troubles(await none.examine()).join('\n')
    expect(found).toMatch(/fail res_curl: Peerage wants a token .*, and Asterisk shows none/)
    expect(found).toMatch(/fail probe: .* did not arrive here/)
    const curl = (shown: string) => (text: string) =>
      text.replace('httptimeout = 2', `$&\nhttpheader = Authorization: Bearer ${shown}`)
    const another = troubles(await none.examineWith('res_curl.conf', curl('another'))).join('\n')
    expect(another).toMatch(/fail res_curl: Asterisk shows another token than listen\.pbxToken/)
    const right = troubles(await none.examineWith('res_curl.conf', curl(token))).join('\n')
    expect(right).not.toMatch(/res_curl/)
    expect(`${found}${another}`).not.toContain(token)
  })

  test('on a slow way', async () => {
    await using stack = new AsyncDisposableStack()
    const slow = (url: string) => slowly(Number(new URL(url).port), stack)
    await using far = await openExamined({ through: slow })
    expect(troubles(await far.examine())).toEqual([
      expect.stringMatching(
        /^warn probe: ps_endpoints is asked here, .* in 1\d\d ms → look for a proxy/,
      ),
    ])
  })

  test('with people whom it does not accept', async () => {
    const ldif = entry('ada', 1, { cn: 'Ada', telephoneNumber: '501' })
    const yaml = 'classes: { default: { codecs: [nonsuch] } }'
    await using odd = await openExamined({ ldif, yaml })
    expect(troubles(await odd.examine())).toEqual([
      expect.stringMatching(/^fail person: Asterisk does not accept what Peerage answers for 501/),
    ])
  })
})

/** A way to the port that takes each question 150 ms. Closes with the stack. */
async function slowly(port: number, stack: AsyncDisposableStack): Promise<string> {
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port })
    near.on('data', (chunk) => setTimeout(() => far.write(chunk), 150))
    far.pipe(near)
    far.on('error', () => near.destroy())
    near.on('error', () => far.destroy()).on('close', () => far.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  stack.defer(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

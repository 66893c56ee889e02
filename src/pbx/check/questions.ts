import { createHash, timingSafeEqual } from 'node:crypto'
import { isTrue, readConfigFile, valueOf, valuesOf, type Setting } from './config-file.ts'
import { fail, ok, unlessAny, warn, type Finding } from './finding.ts'
import type { Subject } from './subject.ts'

/** Seconds. A phone repeats its REGISTER after half a second, and gives up after 32. */
const patient = 5

/** res_curl.conf: how long a question may take, and what is shown with it. */
export async function checkQuestions(subject: Subject): Promise<readonly Finding[]> {
  const file = await readConfigFile(subject.ami, 'res_curl.conf')
  const settings = file?.settings('globals') ?? []
  const found = [
    ...checkTimeouts(settings),
    ...(await checkToken(settings, subject)),
    ...checkTrust(settings, subject),
  ]
  if (valueOf(settings, 'failurecodes') !== undefined) {
    found.push(
      warn(
        'res_curl',
        'failurecodes is set: Asterisk forgets a list of them after the first question',
        'leave it out; Peerage answers 200 also when it knows nothing',
      ),
    )
  }
  const limits = `${valueOf(settings, 'conntimeout')} s to connect, ${valueOf(settings, 'httptimeout')} s in all`
  return unlessAny(found, ok('res_curl', limits))
}

function checkTimeouts(settings: readonly Setting[]): Finding[] {
  return [
    { key: 'conntimeout', usual: '1', without: '300' },
    { key: 'httptimeout', usual: '2', without: '180' },
  ].flatMap(({ key, usual, without }) => {
    const seconds = Number(valueOf(settings, key) ?? Number.NaN)
    if (seconds > 0 && seconds <= patient) return []
    const detail = Number.isNaN(seconds)
      ? `without ${key} a question may take ${without} s, and all phones wait`
      : `${key} = ${seconds}: so long all phones may have to wait`
    return warn('res_curl', detail, `${key} = ${usual} in res_curl.conf [globals]`)
  })
}

async function checkToken(settings: readonly Setting[], subject: Subject): Promise<Finding[]> {
  const { token } = subject.expected
  if (token === null) return []
  const extconfig = await readConfigFile(subject.ami, 'extconfig.conf')
  const shown = [...inHeaders(settings), ...inUrls(extconfig?.settings('settings') ?? [])]
  if (shown.some((text) => isSame(text, token))) return []
  const remedy =
    'httpheader = Authorization: Bearer … in res_curl.conf [globals] (see peerage asterisk config)'
  const detail =
    shown.length === 0
      ? 'Peerage wants a token (listen.pbxToken), and Asterisk shows none'
      : 'Asterisk shows another token than listen.pbxToken'
  return [fail('res_curl', detail, remedy)]
}

function inHeaders(settings: readonly Setting[]): string[] {
  const bearers = valuesOf(settings, 'httpheader').map(
    (header) => /^authorization:\s*bearer\s+(\S+)/i.exec(header)?.[1],
  )
  const passwords = valuesOf(settings, 'userpwd').map((pair) => pair.slice(pair.indexOf(':') + 1))
  return [...bearers, ...passwords].filter((text) => text !== undefined)
}

function inUrls(mappings: readonly Setting[]): string[] {
  return mappings.flatMap(([, value]) => {
    const password = URL.parse(value.split(',')[1]?.trim() ?? '')?.password ?? ''
    return password === '' ? [] : decodeURIComponent(password)
  })
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

function checkTrust(settings: readonly Setting[], { expected, version }: Subject): Finding[] {
  if (expected.scheme === 'http') return []
  const verify = valueOf(settings, 'ssl_verifypeer')
  const found: Finding[] = []
  if (verify !== undefined && !isTrue(verify)) {
    const detail = 'ssl_verifypeer is off: Asterisk hands the token to whoever answers'
    found.push(warn('res_curl', detail, 'ssl_cainfo with the authority of our certificate'))
  }
  if (valueOf(settings, 'ssl_cainfo') !== undefined && version !== null && version <= 18) {
    const detail = `ssl_cainfo is not known to Asterisk ${version}`
    found.push(warn('res_curl', detail, 'let the machine trust it: update-ca-certificates'))
  }
  return found
}

import { isIP } from 'node:net'
import { isLoopback } from '../../loopback.ts'
import type { Change } from './adapt.ts'
import { isSameMachine, type Choice } from './choice.ts'

/** Where the manager interface listens, as peerage.yaml expects it. */
export function managerChanges(choice: Choice): Change[] {
  const { ami } = choice
  if (ami === null) return []
  const bind = isSameMachine(choice) ? '127.0.0.1' : '0.0.0.0'
  if (!ami.tls) {
    return [
      ...(bind === '127.0.0.1'
        ? []
        : [{ line: /^bindaddr = .*$/gm, instead: `bindaddr = ${bind}` }]),
      ...(ami.port === 5038 ? [] : [{ line: /^port = .*$/gm, instead: `port = ${ami.port}` }]),
    ]
  }
  const tls = [
    '; Without TLS only on this machine.',
    'bindaddr = 127.0.0.1',
    'tlsenable = yes',
    `tlsbindaddr = ${bind}:${ami.port}`,
    '; Your own files.',
    'tlscertfile = /etc/asterisk/keys/asterisk.pem',
    'tlsprivatekey = /etc/asterisk/keys/asterisk.key',
  ]
  return [{ line: /^bindaddr = .*$/gm, instead: tls.join('\n') }]
}

/** The account of Peerage; null when peerage.yaml has none. `url` is where Peerage is reached. */
export function managerUsers(choice: Choice, url: string): string | null {
  const { ami, driver, phones } = choice
  if (ami === null) return null
  return `; Peerage's account. Readable for Asterisk only.
[${ami.user}]
secret = ${inConfiguration(ami.password ?? '')}
${permits(choice, url)}
read =
write = ${driver === 'chan_sip' || phones === 'woken' ? 'system,command' : 'system'}
`
}

function permits(choice: Choice, url: string): string {
  const host = new URL(url).hostname
  const from = isSameMachine(choice) || isLoopback(host) ? '127.0.0.1' : host
  const mask = isIP(from) === 4 ? '/255.255.255.255' : ''
  // A name would be looked up once, when Asterisk starts; better that the administrator decides.
  if (isIP(from) !== 4)
    return `; Better with the address of ${host}:\n;deny = 0.0.0.0/0.0.0.0\n;permit = …`
  return `deny = 0.0.0.0/0.0.0.0\npermit = ${from}${mask}`
}

/** A value in a file of Asterisk, where a semicolon begins a comment. */
export function inConfiguration(value: string): string {
  return value.replaceAll(';', '\\;')
}

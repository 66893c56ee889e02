import type { People } from '../../people/people.ts'
import type { Person } from '../../person/person.ts'
import type { Secrets } from '../../state/secrets.ts'
import { nameText } from '../realtime/asterisk-text.ts'
import type { MeOptions } from './options.ts'

/** What a telephone has to know to register. */
export interface SipAccount {
  /** The owner's name as others see it when he calls; nothing in it ends a quoted text. */
  readonly name: string
  readonly user: string
  readonly secret: string
  /** `pbx.example.org`, with the port where it is not the usual one. */
  readonly server: string
  /** Of his SIP address: the server, unless his extension names another one (`501@tenant.example`). */
  readonly domain: string
  readonly transport: MeOptions['sipTransport']
}

export interface SipAccountDeps {
  readonly people: People
  readonly secrets: Pick<Secrets, 'sip'>
  readonly me: MeOptions
}

/**
 * Somebody's account as Asterisk knows it at this moment; null: he has none, or nobody is shown his.
 * Whoever lost his extension to somebody else would register that one's telephone.
 */
export function sipAccountOf(person: Person, deps: SipAccountDeps): SipAccount | null {
  const { sipServer: server, sipTransport: transport } = deps.me
  const { extension } = person
  const secret = deps.secrets.sip(person.id)
  if (server === undefined || secret === undefined || !ownsExtension(person, deps.people)) {
    return null
  }
  const [user = '', domain = hostOf(server)] = (extension ?? '').split('@')
  return { name: nameText(person.name), user, secret, server, domain, transport }
}

function hostOf(server: string): string {
  return server.replace(/:\d+$/, '')
}

/** Whether his extension rings him and nobody else, and he may use the telephone. */
export function ownsExtension({ id, extension }: Person, people: People): boolean {
  return extension !== null && people.byExtension(extension)?.id === id
}

import { createHash, timingSafeEqual } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { CredentialCheck, Refusal, Verdict } from '../../directory/credentials.ts'
import type { Logger } from '../../logger.ts'
import type { Person } from '../../person/person.ts'
import type { Audit } from '../../state/audit.ts'
import type { Secrets } from '../../state/secrets.ts'
import type { Attempts } from './attempts.ts'
import { loginText, type LoginNames } from './login-names.ts'
import type { LoginOptions } from './login-options.ts'
import { accountSubject, personSubject, type Subject, type SubjectDeps } from './subject.ts'

export interface Asked {
  readonly name: string
  readonly password: string
  /** Whose attempt it is; null: a system asks that does not say. */
  readonly address: string | null
  /** How it came, for the audit trail: `page`, `nginx`, `check` … */
  readonly by: string
  /** Another server of ours asks: it may be told why, whoever is at its other end. */
  readonly isSystem?: boolean
}

export type Outcome =
  | { readonly kind: 'in'; readonly subject: Subject }
  | { readonly kind: 'refused'; readonly why: Refusal }
  /** The directory does not answer, so nobody can say. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'too-many'; readonly retryAfterSeconds: number }

export interface SignInDeps extends SubjectDeps {
  readonly options: LoginOptions
  readonly names: LoginNames
  readonly attempts: Attempts
  readonly secrets: Secrets
  /** By source; a source without passwords (a file) is not there. */
  readonly credentials: ReadonlyMap<string, CredentialCheck>
  readonly audit: Audit
  readonly log: Logger
  readonly now: () => number
  /** Ends what is on its way when the service stops. */
  readonly signal: AbortSignal
}

/**
 * Says who somebody is, by name and password. First the accounts of Peerage itself, then the people:
 * found in memory, and asked of their directory or held against their PIN as `login.mode` says. A
 * wrong password is final. An unknown name takes the same way and the same time as a known one.
 */
export class SignIn {
  readonly #deps: SignInDeps

  constructor(deps: SignInDeps) {
    this.#deps = deps
  }

  async attempt(asked: Asked): Promise<Outcome> {
    const { options, signal, log } = this.#deps
    const startedAt = performance.now()
    const { outcome, whom, isKnown } = await this.#judge(asked)
    if (outcome.kind === 'too-many') return outcome
    if (outcome.kind !== 'in' && options.refusalMs > 0) {
      const spent = performance.now() - startedAt
      const rest = options.refusalMs - (spent % options.refusalMs)
      await delay(rest, undefined, { signal }).catch(() => {})
    }
    await this.#record(asked, whom, outcome).catch((error: unknown) => {
      log.error({ problem: String(error) }, 'audit trail could not be kept')
    })
    // Said to a wrong password too, it would tell strangers that there is somebody of that name.
    const isTelling = outcome.kind === 'refused' && outcome.why === 'locked'
    return isTelling && !isKnown && !asked.isSystem ? wrong : outcome
  }

  async #judge({ name, password, address }: Asked): Promise<Judgement> {
    const { accounts, names, attempts } = this.#deps
    const text = loginText(name)
    const account = text !== null && accounts.roleOf(text) !== undefined ? text : null
    const person = account === null ? names.find(name) : undefined
    const whom = account === null ? person && `person/${person.id}` : `account/${account}`
    // One and the same for every way to write a name.
    const begun = attempts.begin(whom ?? `unknown ${text}`, address)
    if (begun.kind === 'address') {
      const { retryAfterSeconds } = begun
      return { outcome: { kind: 'too-many', retryAfterSeconds }, whom, isKnown: false }
    }
    if (begun.kind === 'account') return { outcome: wrong, whom, isKnown: false }
    const { attempt } = begun
    const outcome = await this.#judgePassword(account, person, password)
    if (outcome.kind === 'in') attempt.succeeded()
    else if (outcome.kind === 'unavailable') attempt.undecided()
    return { outcome, whom, isKnown: attempt.isKnown }
  }

  #judgePassword(
    account: string | null,
    person: Person | undefined,
    password: string,
  ): Outcome | Promise<Outcome> {
    if (!isProper(password)) return wrong
    if (account !== null) return this.#judgeAccount(account, password)
    return this.#judgePerson(person, password)
  }

  async #judgeAccount(name: string, password: string): Promise<Outcome> {
    const { accounts } = this.#deps
    const isRight = await accounts.isPassword(name, password)
    const role = accounts.roleOf(name)
    return isRight && role ? { kind: 'in', subject: accountSubject(name, role) } : wrong
  }

  async #judgePerson(found: Person | undefined, password: string): Promise<Outcome> {
    const { people, roleOf, log } = this.#deps
    const verdict = await this.#verify(found, password)
    if (verdict.kind === 'unreachable') {
      log.warn({ reason: verdict.reason }, 'nobody can sign in: a directory does not answer')
      return { kind: 'unavailable' }
    }
    if (verdict.kind === 'refused') return verdict
    // Whatever the password: asked only now, since who knows it may be told.
    const person = found && people.get(found.id)
    if (!person) return wrong
    if (person.disabled === null) return { kind: 'in', subject: personSubject(person, roleOf) }
    const why =
      person.disabled === 'expired' || person.disabled === 'locked' ? person.disabled : 'disabled'
    return { kind: 'refused', why }
  }

  async #verify(person: Person | undefined, password: string): Promise<Verdict> {
    const { options, signal } = this.#deps
    if (options.mode === 'none') return this.#verifyPin(person, password)
    const [check, entry] = this.#checkOf(person)
    const verdict = await check?.verify(entry, password, signal)
    if (options.mode === 'ldap') return verdict ?? { kind: 'refused', why: 'wrong' }
    const isForPin =
      verdict === undefined || (verdict.kind === 'unreachable' && options.pinWhenUnreachable)
    return isForPin ? this.#verifyPin(person, password) : verdict
  }

  /** Who can say whether it is his password, and under which id he is known there. */
  #checkOf(person: Person | undefined): [CredentialCheck | undefined, string | null] {
    const { credentials, people } = this.#deps
    // About nobody the first directory is asked, so that he takes as long as somebody.
    if (!person) return [credentials.values().next().value, null]
    const own = [person, ...people.partnersOf(person.id).map((partner) => partner.person)]
    for (const { id, source } of own) {
      const check = credentials.get(source)
      if (check) return [check, id.slice(source.length + 1)]
    }
    return [undefined, null]
  }

  #verifyPin(person: Person | undefined, password: string): Verdict {
    const pin = person && this.#deps.secrets.pin(person.id)
    const isRight = pin !== undefined && isSame(pin, password)
    return isRight ? { kind: 'right' } : { kind: 'refused', why: 'wrong' }
  }

  async #record({ address, by }: Asked, whom: string | undefined, outcome: Outcome): Promise<void> {
    const { audit, now } = this.#deps
    const isIn = outcome.kind === 'in'
    await audit.add({
      at: now(),
      kind: isIn ? 'sign-in' : 'refusal',
      // Never what was typed: it may be a password in the wrong field.
      actor: whom ?? 'unknown name',
      address: address ?? '',
      action: by,
      target: '',
      outcome: isIn ? 'done' : outcome.kind === 'refused' ? outcome.why : outcome.kind,
    })
  }
}

interface Judgement {
  readonly outcome: Outcome
  /** Id of the subject that was meant; undefined: there is none. */
  readonly whom: string | undefined
  readonly isKnown: boolean
}

const wrong: Outcome = { kind: 'refused', why: 'wrong' }

/** NUL and whole books have never been a password, and some servers stumble over them. */
function isProper(password: string): boolean {
  return password !== '' && Buffer.byteLength(password) <= 1024 && !password.includes('\0')
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

import type { FastifyInstance } from 'fastify'
import { Attempts } from './answers/auth/attempts.ts'
import { LoginNames } from './answers/auth/login-names.ts'
import { domainsOf } from './answers/auth/login-options.ts'
import type { SessionDeps } from './answers/auth/mount-session.ts'
import { mountAuth } from './answers/auth/mount-auth.ts'
import { SignIn } from './answers/auth/sign-in.ts'
import { compileRoles } from './answers/auth/subject.ts'
import { Visitors } from './answers/auth/visitors.ts'
import type { Config } from './config/schema.ts'
import type { CredentialCheck } from './directory/credentials.ts'
import { openCredentials } from './directory/sources.ts'
import { compileClients } from './http/client-address.ts'
import { compileNetworks } from './networks.ts'
import type { WebParts } from './http/web.ts'
import type { Logger } from './logger.ts'
import { compileMapping } from './mapping/compile-mapping.ts'
import type { People } from './people/people.ts'
import type { Site } from './person/site.ts'
import type { State } from './state/state.ts'

export interface LoginDeps {
  readonly people: People
  readonly state: State
  readonly site: Site
  readonly log: Logger
  readonly now: () => number
  readonly signal: AbortSignal
}

/** What the web listener needs to know who is there. */
export interface Login extends WebParts {
  readonly signIn: SignIn
  readonly visitors: Visitors
  /** Whose request it is, behind the configured proxies. */
  readonly addressOf: SessionDeps['addressOf']
}

/** All that signing in is made of; closed with the stack. */
export function openLogin(config: Config, deps: LoginDeps, stack: AsyncDisposableStack): Login {
  const { login: options } = config
  const { people, state, site, log, now, signal } = deps
  const { accounts, sessions, secrets, audit, tokens } = state
  const minuteMs = 60_000
  const credentials = new Map<string, CredentialCheck>()
  const domains = new Map<string, readonly string[]>()
  for (const [name, source] of Object.entries(config.sources)) {
    domains.set(name, domainsOf(source))
    const { request } = compileMapping({ source: name, options: source, site })
    const check = openCredentials(name, source, request, options.deadlineMs, log)
    if (check) credentials.set(name, stack.use(check))
  }
  const names = stack.use(new LoginNames(people, domains))
  const attempts = new Attempts(
    {
      perAccount: options.failuresPerAccount,
      perAddress: options.failuresPerAddress,
      windowMs: options.windowMinutes * minuteMs,
    },
    now,
  )
  const clientOf = compileClients(options.proxies)
  const isListed = compileNetworks(options.systems)
  const subjects = { people, accounts, roleOf: compileRoles(options.roles) }
  const sessionLimits = {
    idleMs: options.idleMinutes * minuteMs,
    longestMs: options.longestHours * 60 * minuteMs,
  }
  const about = { options, names, attempts, secrets, credentials, audit, log, now, signal }
  const signIn = new SignIn({ ...subjects, ...about })
  const visitors = new Visitors({
    ...subjects,
    sessions,
    sessionLimits,
    isSecure: ({ raw }) => clientOf(raw).isSecure,
  })
  const addressOf: SessionDeps['addressOf'] = ({ raw }) => clientOf(raw).address
  const auth = {
    ...subjects,
    signIn,
    visitors,
    names,
    tokens,
    addressOf,
    isSystem: ({ raw }: { raw: Parameters<typeof clientOf>[0] }) => {
      const { address, isDirect } = clientOf(raw)
      return isDirect && isListed(address)
    },
  }
  function mount(app: FastifyInstance): void {
    app.register(async (each) => mountAuth(each, auth), { prefix: '/auth' })
  }
  return { signIn, visitors, addressOf, clientOf, mount }
}

import type { NewToken } from '../answers/admin/tokens.ts'
import { scopes, type Scope } from '../state/token-scopes.ts'
import type { Token } from '../state/tokens.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'

interface Values {
  readonly config?: string | undefined
  readonly scopes: string
  readonly json: boolean
}

/** `peerage token`, `peerage token make NAME [--scopes A,B]`, `peerage token revoke NAME`. */
export async function token(
  [action, name]: readonly string[],
  { config: named, scopes: wantedScopes, json }: Values,
): Promise<number> {
  const { config } = loadConfig(named)
  if (action === undefined) {
    const answer = (await askService(config, 'GET', '/api/tokens')) as { tokens: Token[] }
    process.stdout.write(json ? `${JSON.stringify(answer.tokens, null, 2)}\n` : list(answer.tokens))
    return 0
  }
  if (name === undefined || !['make', 'revoke'].includes(action)) {
    throw new Error(
      'expected: peerage token, peerage token make NAME, or peerage token revoke NAME',
    )
  }
  if (action === 'revoke') {
    await askService(config, 'POST', `/api/tokens/${encodeURIComponent(name)}/revoke`)
    process.stdout.write(`token ${name} is good for nothing any more\n`)
    return 0
  }
  const wanted = { name, scopes: readWanted(wantedScopes) }
  // As answers/admin/tokens.ts answers.
  const made = (await askService(config, 'POST', '/api/tokens', wanted)) as NewToken
  process.stdout.write(
    `Token ${name} for ${made.scopes.join(', ')} (shown this once): ${made.token}\n`,
  )
  return 0
}

function readWanted(text: string): readonly Scope[] {
  return text.split(',').map((word) => {
    const scope = scopes.find((known) => known === word.trim())
    if (scope) return scope
    throw new Error(`there is no scope '${word.trim()}'; known are ${scopes.join(', ')}`)
  })
}

function list(tokens: readonly Token[]): string {
  if (tokens.length === 0) return 'there is no token\n'
  return tokens.map((token) => `${text(token)}\n`).join('')
}

function text({ name, scopes, lastUse }: Token): string {
  const used =
    lastUse === null
      ? 'never used'
      : `${new Date(lastUse.at).toISOString()} from ${lastUse.from || 'this machine'}`
  return `${name.padEnd(20)}  ${scopes.join(',').padEnd(20)}  ${used}`
}

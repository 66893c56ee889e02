import { openAri, type Ari } from '../../src/answers/ari/ari.ts'
import type { Asked as Question, Script } from '../../src/answers/agi/scripts.ts'
import type { Logger } from '../../src/logger.ts'
import { FakeAri } from './fake-ari.ts'

export interface Company extends AsyncDisposable {
  readonly fake: FakeAri
  readonly ari: Ari
  /** What was logged as a warning. */
  readonly warnings: string[]
  /** What the scripts were asked. */
  readonly questions: Question[]
}

/** One fake Asterisk and who answers its calls. `prepare` is done before anybody connects. */
export async function openCompany(
  prepare: (fake: FakeAri) => void = () => undefined,
  budgetMs = 2000,
  password = 'secret',
): Promise<Company> {
  await using stack = new AsyncDisposableStack()
  const fake = stack.use(await FakeAri.start())
  prepare(fake)
  const warnings: string[] = []
  const questions: Question[] = []
  const note =
    (variables: Awaited<ReturnType<Script>>): Script =>
    (question) => {
      questions.push(question)
      return variables
    }
  const scripts = {
    caller: note([
      ['CALLERID(name)', 'Zoë'],
      ['PEERAGE_MATCH', 'number'],
    ]),
    did: note([['PEERAGE_RING', '501']]),
  }
  const quiet = () => undefined
  const warn = (about: { readonly problem?: string }) => void warnings.push(about.problem ?? '')
  const log = { debug: quiet, info: quiet, error: quiet, warn } as unknown as Logger // all it is given
  const times = {
    timeoutMs: 4000,
    shortestRetryMs: 20,
    longestRetryMs: 200,
    refusedRetryMs: 60_000,
  }
  const ami = { host: '127.0.0.1', port: 1, user: 'peerage', tls: false }
  const access = { url: fake.url, user: 'peerage', password, application: 'peerage' }
  const options = [{ name: 'pbx1', ami, ari: { ...access, budgetMs } }]
  const ari = stack.use(openAri(options, { scripts, log, now: Date.now, times }))
  const opened = stack.move()
  return { fake, ari, warnings, questions, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

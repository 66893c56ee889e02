import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Logger } from '../../logger.ts'
import { decodePairs } from './codec.ts'
import { rowsFor, type Family } from './family.ts'
import { readQuestion } from './question.ts'
import type { Row } from './row.ts'

/** What goes back, always with status 200: a text at once, a count when it is kept, a long list. */
export type Answer = string | Promise<string> | Readable

/** `query` and `body` are still encoded. */
type Answerer = (query: string, body: string) => Answer

/**
 * `{family}/{verb}` as res_config_curl asks it. Asterisk does not look at the status and reads an
 * error page as data, so what is not there, not understood or not kept is an empty body or 0.
 */
export class Realtime {
  readonly #answerers: ReadonlyMap<string, Answerer>
  readonly #log: Logger

  constructor(families: readonly Family[], log: Logger) {
    this.#log = log
    this.#answerers = new Map(
      families.flatMap((family): [string, Answerer][] => [
        [`${family.name}/single`, (_query, body) => single(family, body)],
        [`${family.name}/multi`, (_query, body) => multi(family, body)],
        [`${family.name}/update`, (query, body) => this.#kept(update(family, query, body))],
        [`${family.name}/store`, (_query, body) => this.#kept(store(family, body))],
        [`${family.name}/destroy`, (_query, body) => this.#kept(destroy(family, body))],
      ]),
    )
  }

  /** `path` begins behind `/realtime/`. */
  answer(path: string, query: string, body: string): Answer {
    const answerer = this.#answerers.get(path)
    if (answerer) return answerer(query, body)
    // To `require`: every column we have is wide enough. To a write nobody takes: no row matched.
    // To `static` and all else: nothing, no configuration file is made out of people.
    return /\/(?:require|update|store|destroy)$/.test(path) ? '0' : ''
  }

  async #kept(count: Promise<number> | undefined): Promise<string> {
    try {
      return String((await count) ?? 0)
    } catch (error) {
      this.#log.error({ problem: String(error) }, 'what Asterisk wrote could not be kept')
      return '0'
    }
  }
}

const rowsAtOnce = 200

function single(family: Family, body: string): string {
  const kept = family.kept?.get(body)
  if (kept !== undefined) return kept
  for (const { line } of rowsFor(family, readQuestion(body))) {
    family.kept?.keep(body, line)
    return line
  }
  return ''
}

/** Short lists at once; long ones (`id LIKE %`) in slices, so that other questions get in between. */
function multi(family: Family, body: string): Answer {
  const rows = rowsFor(family, readQuestion(body))[Symbol.iterator]()
  let text = ''
  for (let count = 0; count < rowsAtOnce; count++) {
    const { value, done } = rows.next()
    if (done) return text
    text += value.line
  }
  return Readable.from(slices(text, rows), { objectMode: false })
}

async function* slices(first: string, rows: Iterator<Row>): AsyncGenerator<string> {
  let text = first
  let count = 0
  for (let next = rows.next(); !next.done; next = rows.next()) {
    text += next.value.line
    if (++count % rowsAtOnce !== 0) continue
    yield text
    text = ''
    await setImmediate()
  }
  if (text !== '') yield text
}

function update(family: Family, query: string, body: string): Promise<number> | undefined {
  return family.update?.(readQuestion(query), new Map(decodePairs(body)))
}

function store(family: Family, body: string): Promise<number> | undefined {
  return family.store?.(new Map(decodePairs(body)))
}

function destroy(family: Family, body: string): Promise<number> | undefined {
  return family.destroy?.(readQuestion(body))
}

import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Logger } from '../../logger.ts'
import { decodePairs } from './codec.ts'
import { rowsFor, type Family } from './family.ts'
import { readQuestion } from './question.ts'
import type { Row } from './row.ts'

/** What goes back, always with status 200: a text at once, a count when it is kept, a long list. */
export type Answer = string | Promise<string> | Readable

/**
 * `/{family}/{verb}` as res_config_curl asks it. Asterisk does not look at the status and reads an
 * error page as data, so what is not there, not understood or not kept is an empty body or 0.
 */
export class Realtime {
  readonly #families: ReadonlyMap<string, Family>
  readonly #log: Logger

  constructor(families: readonly Family[], log: Logger) {
    this.#families = new Map(families.map((family) => [family.name, family]))
    this.#log = log
  }

  /** `path` begins behind `/realtime/`; `query` and `body` are still encoded. */
  answer(path: string, query: string, body: string): Answer {
    const slash = path.indexOf('/')
    const name = path.slice(0, slash)
    const verb = path.slice(slash + 1)
    const family = this.#families.get(name)
    switch (verb) {
      case 'single':
        return family ? single(family, body) : ''
      case 'multi':
        return family ? multi(family, body) : ''
      case 'update':
      case 'store':
      case 'destroy':
        return this.#write(name, verb, query, body)
      case 'require':
        return '0' // every column we have is wide enough
      default:
        return '' // `static`: no configuration file is made out of people
    }
  }

  async #write(
    name: string,
    verb: 'update' | 'store' | 'destroy',
    query: string,
    body: string,
  ): Promise<string> {
    try {
      return String((await write(this.#families.get(name), verb, query, body)) ?? 0)
    } catch (error) {
      this.#log.error({ family: name, verb, problem: String(error) }, 'write not kept')
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

async function write(
  family: Family | undefined,
  verb: 'update' | 'store' | 'destroy',
  query: string,
  body: string,
): Promise<number | undefined> {
  switch (verb) {
    case 'update':
      return family?.update?.(readQuestion(query), new Map(decodePairs(body)))
    case 'store':
      return family?.store?.(new Map(decodePairs(body)))
    case 'destroy':
      return family?.destroy?.(readQuestion(body))
  }
}

import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Logger } from '../../logger.ts'
import { decodePairs } from './codec.ts'
import { EndpointList, type Asker } from './endpoint-list.ts'
import { LookupTally } from './lookup-tally.ts'
import { rowsFor, type Family } from './family.ts'
import { sectionRows, sectionText, type ConfigFile, type FileForm } from './files/config-file.ts'
import { readQuestion } from './question.ts'
import type { Row } from './row.ts'

/** What goes back, always with status 200: a text at once, a count when it is kept, a long list. */
export type Answer = string | Promise<string> | Readable

/** `query` and `body` are still encoded. */
type Answerer = (query: string, body: string, asker: Asker) => Answer

/**
 * `{family}/{verb}` as res_config_curl asks it. Asterisk does not look at the status and reads an
 * error page as data, so what is not there, not understood or not kept is an empty body or 0.
 * `{anything}/static?file=users.conf` and `files/users.conf` are the same people as a file.
 */
export class Realtime {
  /** By family and verb, since the start. */
  readonly tallies: readonly LookupTally[]
  readonly #answerers: ReadonlyMap<string, Answerer>
  readonly #files: ReadonlyMap<string, ConfigFile>
  readonly #log: Logger

  /** `endpointList` answers instead of lists of everybody; null: those are answered as they are. */
  constructor(
    families: readonly Family[],
    files: readonly ConfigFile[],
    log: Logger,
    endpointList: EndpointList | null = null,
  ) {
    this.#log = log
    this.#files = new Map(files.map((file) => [file.name, file]))
    const answerers = families.flatMap((family) => this.#answerersOf(family, endpointList))
    this.tallies = answerers.map(({ tally }) => tally)
    this.#answerers = new Map(
      answerers.map(({ tally, answerer }) => [
        `${tally.family}/${tally.verb}`,
        counted(answerer, tally),
      ]),
    )
  }

  #answerersOf(family: Family, endpointList: EndpointList | null): CountedAnswerer[] {
    const listed: Answerer = (_query, body, asker) =>
      multi(endpointList?.answer(asker, family, body) ?? rowsFor(family, readQuestion(body)))
    const verbs: Record<string, Answerer> = {
      single: (_query, body) => single(family, body),
      multi: listed,
      update: (query, body) => this.#kept(update(family, query, body)),
      store: (_query, body) => this.#kept(store(family, body)),
      destroy: (_query, body) => this.#kept(destroy(family, body)),
    }
    return Object.entries(verbs).map(([verb, answerer]) => ({
      tally: new LookupTally(family.name, verb),
      answerer,
    }))
  }

  /** `path` begins behind `/realtime/`; `asker` is the connection. */
  answer(path: string, query: string, body: string, asker: Asker): Answer {
    const answerer = this.#answerers.get(path)
    if (answerer) return answerer(query, body, asker)
    if (path.endsWith('/static')) return this.#file(fileOf(query), 'static')
    if (path.startsWith('files/')) return this.#file(path.slice('files/'.length), 'text')
    // To `require`: every column we have is wide enough. To a write nobody takes: no row matched.
    return /\/(?:require|update|store|destroy)$/.test(path) ? '0' : ''
  }

  /** A file that is not made out of people is empty. */
  #file(name: string, form: FileForm): Answer {
    const file = this.#files.get(name)
    if (!file) return ''
    // Rows are percent-encoded and sent byte by character; a text is not.
    return form === 'static' ? inSlices(fileLines(file, form)) : stream('', fileLines(file, form))
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

interface CountedAnswerer {
  readonly tally: LookupTally
  readonly answerer: Answerer
}

/** Two readings of a clock and an addition: about a tenth of a microsecond. */
function counted(answerer: Answerer, tally: LookupTally): Answerer {
  return (query, body, asker) => {
    const began = performance.now()
    const answer = answerer(query, body, asker)
    if (answer instanceof Promise) {
      void answer.then((count) =>
        tally.note(count === '0' ? 'empty' : 'kept', performance.now() - began),
      )
    } else tally.note(answer === '' ? 'empty' : 'found', performance.now() - began)
    return answer
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

function multi(rows: Iterable<Row>): Answer {
  return inSlices(rowLines(rows))
}

function* rowLines(rows: Iterable<Row>): Generator<string> {
  for (const { line } of rows) yield line
}

function* fileLines(file: ConfigFile, form: FileForm): Generator<string> {
  let metric = 0
  for (const section of file.sections(form)) {
    yield form === 'text' ? sectionText(section) : sectionRows(section, metric++)
  }
}

/** Short lists at once; long ones (`id LIKE %`) in slices, so that other questions get in between. */
function inSlices(lines: Iterator<string>): Answer {
  let text = ''
  for (let count = 0; count < rowsAtOnce; count++) {
    const { value, done } = lines.next()
    if (done) return text
    text += value
  }
  return stream(text, lines)
}

function stream(first: string, rest: Iterator<string>): Readable {
  return Readable.from(slices(first, rest), { objectMode: false })
}

async function* slices(first: string, lines: Iterator<string>): AsyncGenerator<string> {
  let text = first
  let count = 0
  for (let next = lines.next(); !next.done; next = lines.next()) {
    text += next.value
    if (++count % rowsAtOnce !== 0) continue
    yield text
    text = ''
    await setImmediate()
  }
  if (text !== '') yield text
}

/** `file=queues.conf`, as res_config_curl asks for a file. */
function fileOf(query: string): string {
  return new Map(decodePairs(query)).get('file') ?? ''
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

import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '../../logger.ts'
import { decodePairs } from './codec.ts'
import { rowsFor, type Family } from './family.ts'
import { readQuestion } from './question.ts'
import type { Row } from './row.ts'

const rowsAtOnce = 200

/**
 * `POST /realtime/{family}/{verb}` as res_config_curl asks it. Asterisk does not look at the
 * status and reads an error page as data, so everything is answered 200, and what is not there,
 * not understood or not kept with an empty body or 0.
 */
export function mountRealtime(
  app: FastifyInstance,
  families: readonly Family[],
  log: Logger,
): void {
  const byName = new Map(families.map((family) => [family.name, family]))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error, request, reply) => {
    log.warn({ url: request.url, problem: String(error) }, 'realtime question not understood')
    return reply.code(200).send('')
  })
  app.setNotFoundHandler((_request, reply) => reply.code(200).send(''))

  app.post('/:family/:verb', (request: RealtimeRequest, reply) => {
    const family = byName.get(request.params.family)
    const body = typeof request.body === 'string' ? request.body : ''
    reply.type('text/plain; charset=utf-8')
    switch (request.params.verb) {
      case 'single':
        return reply.send(family ? single(family, body) : '')
      case 'multi':
        return family ? multi(family, body, reply) : reply.send('')
      case 'update':
      case 'store':
      case 'destroy':
        return write(family, request.params.verb, request.url, body)
          .catch((error: unknown) => {
            log.error({ family: request.params.family, problem: String(error) }, 'write not kept')
            return 0
          })
          .then((count) => reply.send(String(count)))
      case 'require':
        return reply.send('0') // every column we have is wide enough
      default:
        return reply.send('')
    }
  })
  // `/static?file=…`: no configuration file is made out of people.
  app.get('/:family/static', (_request, reply) => reply.type('text/plain').send(''))
}

type RealtimeRequest = FastifyRequest<{ Params: { family: string; verb: string } }>

function single(family: Family, body: string): string {
  for (const row of rowsFor(family, readQuestion(body))) return `${row.line}\r\n`
  return ''
}

/** Short lists at once; long ones (`id LIKE %`) in slices, so that other questions get in between. */
function multi(family: Family, body: string, reply: FastifyReply): FastifyReply {
  const rows = rowsFor(family, readQuestion(body))
  let text = ''
  for (let count = 0; count < rowsAtOnce; count++) {
    const { value, done } = rows.next()
    if (done) return reply.send(text)
    text += `${value.line}\r\n`
  }
  return reply.send(Readable.from(slices(text, rows)))
}

async function* slices(first: string, rows: Generator<Row>): AsyncGenerator<string> {
  let text = first
  let count = 0
  for (const row of rows) {
    text += `${row.line}\r\n`
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
  url: string,
  body: string,
): Promise<number> {
  switch (verb) {
    case 'update': {
      const mark = url.indexOf('?')
      const question = readQuestion(mark === -1 ? '' : url.slice(mark + 1))
      return (await family?.update?.(question, new Map(decodePairs(body)))) ?? 0
    }
    case 'store':
      return (await family?.store?.(new Map(decodePairs(body)))) ?? 0
    case 'destroy':
      return (await family?.destroy?.(readQuestion(body))) ?? 0
  }
}

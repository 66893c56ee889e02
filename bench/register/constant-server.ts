import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The limit of `CURL()`: answers that lie ready in memory, by path and body, behind a bare
 * `node:http`. In a process of its own; its parent sends the answers and is told the port.
 */
function serve(answers: Readonly<Record<string, string>>): void {
  const ready = new Map(Object.entries(answers).map(([key, text]) => [key, Buffer.from(text)]))
  const nothing = Buffer.alloc(0)
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('latin1').on('data', (text: string) => (body += text))
    request.on('end', () => {
      const answer = ready.get(`${request.url} ${body}`) ?? nothing
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': answer.length })
      response.end(answer)
    })
  })
  server.keepAliveTimeout = 3_600_000
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}

process.once('message', (answers: Readonly<Record<string, string>>) => serve(answers))
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))

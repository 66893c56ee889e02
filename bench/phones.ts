/**
 * `phones.ts PORT PATH COUNT`: so many phones that fetch one document each at the word "go", in a
 * process of its own. Real phones bring processors of their own; these take as little as they can of
 * the one that they share with whom is measured: no HTTP client, and one buffer for all.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'

/** Connections that are begun at once, so that each may ask as soon as it stands. */
const together = 10
const buffer = Buffer.alloc(262_144)

function fetchOnce(port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0
    let whole = Number.POSITIVE_INFINITY
    const callback = (size: number, bytes: Uint8Array): boolean => {
      if (received === 0) whole = wholeLength(Buffer.from(bytes.buffer, 0, size).toString('latin1'))
      received += size
      if (received >= whole) resolve(void socket.destroy())
      return true
    }
    const socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback } })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`${path} ended after ${received} of ${whole} bytes`)))
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
  })
}

/** Bytes of the answer that begins so, head included. */
function wholeLength(begun: string): number {
  const head = begun.indexOf('\r\n\r\n') + 4
  const length = Number(/content-length: (\d+)/i.exec(begun)?.[1])
  if (!begun.startsWith('HTTP/1.1 200') || head === 3) throw new Error(begun.slice(0, 60))
  return head + length
}

const [port, path = '', count] = process.argv.slice(2)
process.send?.('ready')
await once(process, 'message')
const fetched: Promise<void>[] = []
while (fetched.length < Number(count)) {
  fetched.push(fetchOnce(Number(port), path))
  if (fetched.length % together === 0) await setImmediate()
}
await Promise.all(fetched)
process.disconnect()

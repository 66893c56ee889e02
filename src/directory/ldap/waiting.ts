import type { Socket } from 'node:net'

/** Waits for the event; an error, an early end, the signal or the timer destroys the socket. */
export async function ready(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onClose = () => reject(new Error('the server closed the connection'))
  socket.once(event, resolve).once('error', reject).once('close', onClose)
  try {
    await within(promise, ms, signal)
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    socket.off(event, resolve).off('error', reject).off('close', onClose)
  }
}

/** The promise's outcome, unless the time is over or the signal comes first. */
export async function within<Value>(
  promise: Promise<Value>,
  ms: number,
  signal: AbortSignal,
): Promise<Value> {
  signal.throwIfAborted()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  const timer = setTimeout(() => reject(new Error(`no answer for ${ms} ms`)), Math.max(1, ms))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, ended])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** Rejects with a sentence when a promise takes longer than a test should wait. */
export async function withPatience<T>(
  promise: Promise<T>,
  limitMs: number,
  trouble: () => string,
): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new Error(`phone: ${trouble()}, within ${limitMs} ms`))
  }, limitMs)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

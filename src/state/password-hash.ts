import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** OWASP's least for argon2id: 19 MiB, two passes; 25 ms or so. */
const today = { memory: 19_456, passes: 2, parallelism: 1 }
const tagLength = 32

/** `argon2id$memory=…,passes=…,parallelism=…$nonce$tag`: what is needed to check it later. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { ...today, tagLength, nonce, message: password })
  const { memory, passes, parallelism } = today
  const parameters = `memory=${memory},passes=${passes},parallelism=${parallelism}`
  return ['argon2id', parameters, nonce.toString('base64'), tag.toString('base64')].join('$')
}

/** False for any other password, and for a hash that is none. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const written = /^argon2id\$memory=(\d+),passes=(\d+),parallelism=(\d+)\$([^$]+)\$([^$]+)$/
  const [, memory, passes, parallelism, nonce = '', tag = ''] = written.exec(hash) ?? []
  if (tag === '') return false
  const expected = Buffer.from(tag, 'base64')
  const found = await derive('argon2id', {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
    nonce: Buffer.from(nonce, 'base64'),
    message: password,
  })
  return timingSafeEqual(found, expected)
}

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { StateUnavailable } from './database.ts'
import { takeRandom } from './random.ts'

/** Encrypts what must not be read from a stolen file: AES-256-GCM, nonce and tag beside the text. */
export class Seal {
  readonly #sealingKey: KeyObject
  readonly #digestKey: KeyObject

  /** `key`: 32 bytes. Sealing and digests use keys derived from it (RFC 5869). */
  constructor(key: Buffer) {
    const derive = (purpose: string) =>
      createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `peerage ${purpose}`, 32)))
    this.#sealingKey = derive('seal')
    this.#digestKey = derive('digest')
  }

  /** `binding` (whose secret, which kind) is authenticated too: a row cannot be moved to another. */
  seal(text: string, binding: string): string {
    const nonce = takeRandom(12)
    const cipher = createCipheriv('aes-256-gcm', this.#sealingKey, nonce)
    cipher.setAAD(Buffer.from(binding))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
  }

  /** Throws when the key is another one or the text was changed. */
  open(sealed: string, binding: string): string {
    const bytes = Buffer.from(sealed, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', this.#sealingKey, bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(12, 28))
    decipher.setAAD(Buffer.from(binding))
    return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
  }

  /** The same text always gives the same digest, which says nothing about the text. */
  digest(text: string): string {
    return createHmac('sha256', this.#digestKey).update(text).digest('base64')
  }
}

/** The key from the configuration (base64, 32 bytes), or from a file that is made on first use. */
export function openSeal(key: string | undefined, keyFile: string | null): Seal {
  if (key !== undefined) return new Seal(decodeKey(key, 'state key'))
  if (keyFile === null) return new Seal(randomBytes(32))
  if (!existsSync(keyFile)) {
    writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  }
  if ((statSync(keyFile).mode & 0o077) !== 0) chmodSync(keyFile, 0o600)
  return new Seal(decodeKey(readFileSync(keyFile, 'utf8'), `key file '${keyFile}'`))
}

function decodeKey(text: string, what: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== 32) {
    throw new StateUnavailable(
      `${what} must be 32 bytes in base64, but holds ${key.length}; make one with: openssl rand -base64 32`,
    )
  }
  return key
}

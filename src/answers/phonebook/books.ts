import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import type { Contact } from './contact.ts'
import { Trimmer, type Cut } from './limits.ts'
import type { Turn } from '../../turns.ts'
import type { Snapshot } from './search/snapshot.ts'
import type { BookForm, Phone } from './vendor.ts'

/** A whole phone book, ready to be sent. */
export interface Book {
  /** Of the people it was made from. */
  readonly version: number
  readonly plain: Buffer
  /** The same by gzip, made when first asked for: most phones never do. */
  readonly zipped: () => Promise<Buffer>
  /** Quoted, as in the header. */
  readonly etag: string
  readonly cut: Cut
}

/**
 * Whole books, each rendered once for however many phones want it at the same time, in turns with
 * whoever else asks, and kept until somebody in it changes or others need the room.
 */
export class Books {
  readonly #kept: LRUCache<string, Book>
  readonly #rendering = new Map<string, Promise<Book>>()

  readonly #turn: Turn

  constructor(megabytes: number, turn: Turn) {
    this.#turn = turn
    this.#kept = new LRUCache({
      maxSize: megabytes * 1_048_576,
      sizeCalculation: ({ plain }) => 1 + Math.ceil(plain.length * zippedToo),
    })
  }

  /** `key` names everything that the book depends on beside the people. */
  async get(
    key: string,
    form: BookForm,
    phone: Omit<Phone, 'text'>,
    snapshot: Snapshot,
  ): Promise<Book> {
    const kept = this.#kept.get(key)
    if (kept?.version === snapshot.version) return kept
    const name = `${key} ${snapshot.version}`
    const rendering = this.#rendering.get(name)
    if (rendering) return rendering
    const started = render(form, phone, snapshot, this.#turn).finally(() =>
      this.#rendering.delete(name),
    )
    this.#rendering.set(name, started)
    const book = await started
    this.#kept.set(key, book)
    return book
  }
}

async function render(
  form: BookForm,
  phone: Omit<Phone, 'text'>,
  snapshot: Snapshot,
  turn: Turn,
): Promise<Book> {
  const { bytes = Number.POSITIVE_INFINITY, entries = Number.POSITIVE_INFINITY } = phone.limits
  let most = Math.min(entries, snapshot.size)
  for (;;) {
    const limits = { ...phone.limits, entries: most }
    const trimmer = new Trimmer(limits)
    const text = (value: string, latin?: string | null) => trimmer.text(value, latin)
    const contacts = trimmer.contacts(snapshot.all(), snapshot.size)
    const { plain, etag } = await collect(form, contacts, { ...phone, limits, text }, turn)
    if (plain.length <= bytes || most === 0) {
      const { version } = snapshot
      return { version, plain, zipped: once(() => compress(plain)), etag, cut: trimmer.cut }
    }
    // One contact is about as long as another: two or three attempts find what fits.
    most = Math.floor(Math.min(most - 1, (most * bytes * 0.98) / plain.length))
  }
}

/** Characters that are rendered, encoded and digested at once: well below a millisecond. */
const piece = 4096

async function collect(
  form: BookForm,
  contacts: Iterable<Contact>,
  phone: Phone,
  turn: Turn,
): Promise<Pick<Book, 'plain' | 'etag'>> {
  const digest = createHash('sha256')
  const buffers: Buffer[] = []
  let size = 0
  let text = ''
  const take = () => {
    const buffer = Buffer.from(text)
    digest.update(buffer)
    buffers.push(buffer)
    size += buffer.length
    text = ''
  }
  for (const part of form.render(contacts, phone)) {
    text += part
    if (text.length >= piece) take()
    await turn()
  }
  take()
  const plain = Buffer.allocUnsafe(size)
  let at = 0
  for (const buffer of buffers) {
    at += buffer.copy(plain, at)
    await turn()
  }
  return { plain, etag: `"${digest.digest('base64url').slice(0, 22)}"` }
}

/** What a book takes when it is kept zipped, too: they are zipped to a tenth and less. */
const zippedToo = 1.15

const compress = promisify<Buffer, Buffer>(gzip)

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

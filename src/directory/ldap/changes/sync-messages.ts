import { Ber, BerReader, BerWriter, Control } from 'ldapts'
import type { Controls } from '../reply.ts'

/** The messages of content synchronisation, RFC 4533, section 2. */
export const syncRequestOid = '1.3.6.1.4.1.4203.1.9.1.1'
export const syncStateOid = '1.3.6.1.4.1.4203.1.9.1.2'
export const syncDoneOid = '1.3.6.1.4.1.4203.1.9.1.3'
export const syncInfoOid = '1.3.6.1.4.1.4203.1.9.1.4'

const modes = { refreshOnly: 1, refreshAndPersist: 3 } as const
export type SyncMode = keyof typeof modes

/** 2.2: asks for what is different since the cookie, or for everything. */
export class SyncRequestControl extends Control {
  readonly #mode: SyncMode
  readonly #cookie: Buffer | null

  constructor(mode: SyncMode, cookie: Buffer | null) {
    super(syncRequestOid, { critical: true })
    this.#mode = mode
    this.#cookie = cookie
  }

  override writeControl(writer: BerWriter): void {
    const value = new BerWriter()
    value.startSequence()
    value.writeEnumeration(modes[this.#mode])
    if (this.#cookie) value.writeBuffer(this.#cookie, Ber.OctetString)
    value.endSequence()
    writer.writeBuffer(value.buffer, Ber.OctetString)
  }
}

const states = ['present', 'add', 'modify', 'delete'] as const

/** 2.3, of one entry. */
export interface SyncState {
  readonly state: (typeof states)[number]
  readonly uuid: Buffer
  readonly cookie: Buffer | null
}

/** Null when the entry has none, which a server must not do. */
export function decodeSyncState(controls: Controls): SyncState | null {
  const value = controls.get(syncStateOid)
  if (!value) return null
  const reader = new BerReader(value)
  reader.readSequence()
  const end = reader.offset + reader.length
  const state = states[need(reader.readEnumeration())]
  const uuid = need(reader.readString(Ber.OctetString, true))
  return { state: need(state ?? null), uuid, cookie: readCookie(reader, end) }
}

/** 2.4, at the end of a refresh, or when the server ends a search that was to last. */
export function decodeSyncDone(controls: Controls): {
  readonly cookie: Buffer | null
  readonly refreshDeletes: boolean
} {
  const value = controls.get(syncDoneOid)
  if (!value) return { cookie: null, refreshDeletes: false }
  const reader = new BerReader(value)
  reader.readSequence()
  const end = reader.offset + reader.length
  const cookie = readCookie(reader, end)
  return { cookie, refreshDeletes: reader.offset < end ? reader.readBoolean() === true : false }
}

/** 2.5, between the entries. */
export type SyncInfo =
  | { readonly kind: 'new-cookie'; readonly cookie: Buffer }
  /** The end of a phase: everybody who is gone was named (delete), or who is still there (present). */
  | {
      readonly kind: 'refresh-delete' | 'refresh-present'
      readonly cookie: Buffer | null
      readonly isDone: boolean
    }
  /** These are gone when `refreshDeletes`, and otherwise these are still there. */
  | {
      readonly kind: 'id-set'
      readonly cookie: Buffer | null
      readonly refreshDeletes: boolean
      readonly uuids: readonly Buffer[]
    }

const tags = { newCookie: 0x80, refreshDelete: 0xa1, refreshPresent: 0xa2, idSet: 0xa3 } as const
const setTag = 0x31

/** Throws for what is none. */
export function decodeSyncInfo(value: Buffer): SyncInfo {
  const reader = new BerReader(value)
  const tag = reader.peek()
  if (tag === tags.newCookie) {
    return { kind: 'new-cookie', cookie: need(reader.readString(tag, true)) }
  }
  need(reader.readSequence())
  const end = reader.offset + reader.length
  const cookie = readCookie(reader, end)
  switch (tag) {
    case tags.refreshDelete:
    case tags.refreshPresent: {
      const kind = tag === tags.refreshDelete ? 'refresh-delete' : 'refresh-present'
      return { kind, cookie, isDone: reader.offset < end ? reader.readBoolean() === true : true }
    }
    case tags.idSet: {
      const hasFlag = reader.offset < end && reader.peek() === Ber.Boolean
      const refreshDeletes = hasFlag && reader.readBoolean() === true
      const uuids: Buffer[] = []
      if (reader.offset < end) need(reader.readSequence(setTag))
      while (reader.offset < end) uuids.push(need(reader.readString(Ber.OctetString, true)))
      return { kind: 'id-set', cookie, refreshDeletes, uuids }
    }
    default:
      throw new Error(`a Sync Info message of an unknown kind (${tag})`)
  }
}

function readCookie(reader: BerReader, end: number): Buffer | null {
  if (reader.offset >= end || reader.peek() !== Ber.OctetString) return null
  return need(reader.readString(Ber.OctetString, true))
}

function need<Value>(value: Value | null): Value {
  if (value === null) throw new Error('a synchronisation message is cut short')
  return value
}

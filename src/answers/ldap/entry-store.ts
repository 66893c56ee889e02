import { LRUCache } from 'lru-cache'
import type { BerWriter } from '../../ldap-wire/ber-writer.ts'
import type { Contact } from '../phonebook/contact.ts'
import { personEntry, select } from './entries.ts'
import { KeptBytes } from './kept-bytes.ts'
import { answers, encodeEntryBody } from './reply.ts'
import type { SearchRequest } from './request.ts'
import type { Tree } from './tree.ts'

/** Writes a person as an answer to the search with this number. */
export type WritePerson = (writer: BerWriter, id: number, contact: Contact) => void

/** Lists of attributes that are remembered: a maker's phones all ask the same one. */
const mostLists = 8
/** For each list. */
const mostBytes = 33_554_432

/**
 * People as they go over the wire, kept for whoever asks for the same attributes. Whoever changes is
 * another contact from then on, so nothing here can be out of date.
 */
export class EntryStore {
  readonly #tree: Tree
  readonly #lists = new LRUCache<string, WritePerson>({ max: mostLists })

  constructor(tree: Tree) {
    this.#tree = tree
  }

  for({ attributes, typesOnly }: SearchRequest, view: string): WritePerson {
    const key = `${view}\n${typesOnly}\n${attributes.join('\n')}`
    let list = this.#lists.get(key)
    if (!list) this.#lists.set(key, (list = this.#open(attributes, typesOnly, view)))
    return list
  }

  #open(attributes: readonly string[], typesOnly: boolean, view: string): WritePerson {
    const selection = select(attributes)
    const bodies = new KeptBytes<Contact>(mostBytes)
    return (writer, id, contact) => {
      writer.open(0x30).integer(id).open(answers.entry)
      if (!bodies.copy(contact, writer)) {
        const dn = this.#tree.personDn(contact, view)
        const body = encodeEntryBody(personEntry(contact, dn, selection, typesOnly))
        bodies.keep(contact, body)
        writer.raw(body)
      }
      writer.close().close()
    }
  }
}

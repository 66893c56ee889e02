import type { Vendor } from '../vendor.ts'
import { yealink } from './yealink.ts'

/** FIP phones take Yealink's parameters and documents; `#SEARCH` is not known of them. */
export const flyingvoice: Vendor = {
  ...yealink,
  name: 'flyingvoice',
  title: 'Flyingvoice',
  provision: ({ of }) => [
    `remote_phonebook.data.1.url = ${of('book.xml')}`,
    'remote_phonebook.data.1.name = Directory',
  ],
}

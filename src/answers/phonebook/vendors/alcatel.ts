import type { Vendor } from '../vendor.ts'
import { directoryBook, entryPerNumber } from './ip-phone-directory.ts'

/**
 * ALE Myriad (8008 to 8078s, M3, M5, M7): six remote books by address. The format is published
 * nowhere; this is the one that most makers share, until somebody looks at a phone.
 */
export const alcatel: Vendor = {
  name: 'alcatel',
  title: 'Alcatel-Lucent Enterprise',
  forms: {
    'phonebook.xml': {
      kind: 'book',
      render: (contacts, phone) =>
        directoryBook('IPPhoneDirectory', contacts, phone, entryPerNumber),
    },
  },
  limits: [{}],
  provision: ({ of }) => [
    'RemotePhoneBookEnable = true',
    'RemotePhoneBook1GroupName = Directory',
    `RemotePhoneBook1Url = ${of('phonebook.xml')}`,
  ],
}

import { Type, type Static } from 'typebox'
import type { Complaint } from '../../complaint.ts'
import { checkNetworks } from '../../networks.ts'
import { checkLdap, ldapOptions } from '../ldap/options.ts'

const texts = (description: string) => Type.Optional(Type.Array(Type.String(), { description }))

const numberKind = Type.Union([
  Type.Literal('extension'),
  Type.Literal('work'),
  Type.Literal('mobile'),
  Type.Literal('home'),
  Type.Literal('assistant'),
  Type.Literal('other'),
  Type.Literal('pager'),
  Type.Literal('fax'),
])
const field = Type.Union([
  Type.Literal('department'),
  Type.Literal('company'),
  Type.Literal('title'),
  Type.Literal('email'),
  Type.Literal('location'),
])

/** One audience of the phone book: who is in it and what it may see of them. */
export const viewOptions = Type.Object(
  {
    sources: texts('Only people of these sources. Default: all.'),
    groups: texts('Only members of one of these groups (names or DNs). Default: everybody.'),
    under: texts('Only people whose entry stands below one of these DNs. Default: everywhere.'),
    departments: texts('Only people of these departments. Default: all.'),
    numbers: Type.Optional(
      Type.Array(numberKind, {
        description: 'Kinds of number that are shown and searched.',
        default: ['extension', 'work', 'mobile', 'home', 'assistant', 'other'],
      }),
    ),
    fields: Type.Optional(
      Type.Array(field, {
        description: 'What is shown and searched beside names and numbers.',
        default: ['department', 'company', 'title', 'location'],
      }),
    ),
    language: Type.Optional(
      Type.Union(
        [
          Type.Literal('en'),
          Type.Literal('de'),
          Type.Literal('fr'),
          Type.Literal('es'),
          Type.Literal('it'),
          Type.Literal('pl'),
          Type.Literal('ru'),
          Type.Literal('uk'),
        ],
        { description: 'Language of labels and of sorting.', default: 'en' },
      ),
    ),
    nameOrder: Type.Optional(
      Type.Union([Type.Literal('last-first'), Type.Literal('as-written')], {
        description: 'How names are shown and sorted.',
        default: 'last-first',
      }),
    ),
    openTo: texts(
      'Networks (CIDR) whose phones may read this view by its name, without token or password. Default: none.',
    ),
  },
  { additionalProperties: false },
)

export const phonebookProperties = {
  views: Type.Record(Type.String(), viewOptions, {
    default: { staff: {} },
    description: 'Audiences of the phone book, by a name of your own. Default: `staff`, everybody.',
  }),
  phonebook: Type.Object(
    {
      url: Type.Optional(
        Type.String({
          description:
            'Where phones reach the web listener, when that is not the address they ask (a reverse proxy).',
          examples: ['https://phonebook.example.org'],
        }),
      ),
      networks: texts('Networks (CIDR) that phones may ask from at all. Default: everywhere.'),
      requestsPerMinute: Type.Optional(
        Type.Integer({
          minimum: 10,
          default: 600,
          description: 'More requests of one phone than this are refused for a moment.',
        }),
      ),
      cacheMegabytes: Type.Optional(
        Type.Integer({
          minimum: 1,
          default: 128,
          description: 'Memory for whole phone books that are kept ready.',
        }),
      ),
      ldap: Type.Optional(ldapOptions),
    },
    {
      additionalProperties: false,
      default: {},
      description: 'The phone book that desk phones read from the web listener.',
    },
  ),
}

const schema = Type.Object(phonebookProperties)
export type PhonebookConfig = Static<typeof schema>
export type ViewOptions = Static<typeof viewOptions>

export function checkPhonebook(
  { views, phonebook }: PhonebookConfig,
  sources: readonly string[],
): Complaint[] {
  const complaints = [
    ...checkNetworks(phonebook.networks ?? [], 'phonebook.networks'),
    ...checkLdap(phonebook.ldap),
  ]
  const { url } = phonebook
  if (url !== undefined && !/^https?:\/\/[^/?#\s]+(?:\/[^?#\s]*)?$/.test(url)) {
    complaints.push({
      path: 'phonebook.url',
      problem: `'${url}' is not where phones could ask; expected http:// or https://`,
      example: 'https://phonebook.example.org',
    })
  }
  for (const [name, view] of Object.entries(views)) {
    if (!isViewName(name)) {
      complaints.push({
        path: `views.${name}`,
        problem: 'is not a name for a view; expected at most 20 small letters, digits and hyphens',
        example: 'staff',
      })
    }
    complaints.push(...checkNetworks(view.openTo ?? [], `views.${name}.openTo`))
    for (const [at, source] of (view.sources ?? []).entries()) {
      if (sources.includes(source)) continue
      complaints.push({
        path: `views.${name}.sources[${at}]`,
        problem: `there is no source '${source}'; known are ${sources.join(', ')}`,
      })
    }
  }
  return complaints
}

/** Shorter than a token, so that the two can stand at the same place of a path. */
export function isViewName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,19}$/.test(name)
}

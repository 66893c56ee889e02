import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { version } from '../../version.ts'
import { mountDocs, type ApiDocument } from './docs-page.ts'
import { components } from './openapi-answers.ts'
import { openPaths } from './openapi-open.ts'
import { describeOperation, keyOf } from './openapi-operation.ts'

/** What each operation is for. */
const summaries: Readonly<Record<string, string>> = {
  'GET /api/asterisk':
    'Whether each Asterisk is told of changes and its calls are answered by ARI; if not, why',
  'GET /api/asterisk/probes/{probe}': 'Whether an Asterisk that was made to ask has asked here',
  'GET /api/asterisk/someone': 'An extension to try an Asterisk with',
  'POST /api/sync': 'Read one source, or all, now; answers when that is done',
  'GET /api/runs': 'The latest runs, the newest first',
  'GET /api/runs/{id}': 'One run, with its problems and what it changed',
  'GET /api/plans': 'Plans that are or were held, the newest first',
  'GET /api/plans/{id}': 'One plan, person by person, and what it does to telephones',
  'POST /api/plans/{id}/approve': 'Read again, and apply the plan if the directory says the same',
  'POST /api/plans/{id}/reject': 'Never make these changes',
  'GET /api/people': 'Everybody, searched and filtered',
  'GET /api/people/{id}': 'One person with all that is known but his secrets, and his history',
  'POST /api/people/{id}/{decision}': 'Decide about a telephone, whatever the directory says',
  'POST /api/people/{id}/reset-pin': 'Give somebody a new PIN',
  'POST /api/people/{id}/reset-secret': 'Give somebody a new SIP secret',
  'POST /api/invalidate': 'Read one entry again: exactly one of dn, id, user and number',
  'GET /api/snapshot': 'Everybody, as a dry run compares with',
  'GET /api/why': 'What a number means, each way, with the reasons',
  'GET /api/lookup': 'Who is that? By number, login or id',
  'GET /api/conflicts': 'Ids that more than one person claims',
  'GET /api/numbers': 'How many extensions and own public numbers are taken, free and in doubt',
  'GET /api/numbers/free': 'Free ranges of extensions, between those that are taken',
  'GET /api/numbers/unreadable': 'Numbers of the directory that the rules of the site do not read',
  'GET /api/numbers/unowned': 'Own public numbers that ring nobody',
  'GET /api/phones': 'Who may read the phone book, and when he did',
  'POST /api/phones': 'Let a desk phone read the phone book',
  'POST /api/phones/{id}/revoke': 'It may not read the phone book any more',
  'POST /api/calls': 'Ring somebody, and connect him with a number',
  'GET /api/me': 'What somebody who is signed in sees of himself',
  'GET /api/me/colleagues': 'Search the company, as the view for everybody shows it',
  'POST /api/me/pin': 'Choose another PIN; answers when it is kept',
  'POST /api/me/setup-link': 'A link under which a telephone gets the SIP account, once',
  'POST /api/me/renew-secret': 'Another SIP secret, where people may have one',
  'POST /api/me/calls': 'Ring me, and connect me with a number',
  'GET /api/sources': 'The configured sources, and when they are read next',
  'GET /api/configuration':
    'The configuration file, whether it can be changed, and the latest change',
  'POST /api/sources/{name}/test':
    'Test the connection of a source step by step, also with other settings',
  'POST /api/sources/{name}/attributes': 'Which attributes the first entries have',
  'POST /api/sources/{name}/preview':
    'The first entries as people, with settings that need not be in use',
  'POST /api/sources/{name}/plan': 'What a read with these settings would change for everybody',
  'POST /api/sources/{name}/difference': 'How the configuration file would change',
  'PUT /api/sources/{name}': 'Save the settings of a source, or a new one, and take them up',
  'DELETE /api/sources/{name}': 'Take a source out of the configuration',
  'GET /api/audit': 'Who did what, the newest first',
  'GET /api/tokens': 'The tokens of other programs: what for, and when they were used',
  'POST /api/tokens': 'A new token, shown once',
  'POST /api/tokens/{name}/revoke': 'It is good for nothing any more',
  'GET /api/accounts': 'The accounts of Peerage itself, and since when each has its password',
  'POST /api/accounts/{name}/reset': 'Give an account of Peerage itself another password',
  'GET /api/views': 'The views of the phone book',
  'GET /api/views/{name}/preview': 'What a phone of a maker would show',
}

/**
 * `GET /openapi.json`: the API as OpenAPI 3.1, made out of the very schemas that its requests are
 * checked against. Has to be there before the routes are.
 */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Peerage',
        version: version(),
        description: 'What the page and the commands of Peerage can do, for your own programs.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
        schemas: components,
      },
      paths: { ...openPaths },
      security: [{ token: [] }],
    },
    transform: ({ schema, url, route }) => {
      if (schema?.hide) return { schema, url }
      const method = String(route.method)
      const summary = summaries[keyOf(method, url)] ?? ''
      const operation = { method, route: url, summary, schema: schema ?? {} }
      return { url, schema: describeOperation(operation) }
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  mountDocs(app, () => app.swagger() as ApiDocument) // what was registered above writes one
}

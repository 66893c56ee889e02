import { Type } from 'typebox'
import type { Complaint } from '../../../complaint.ts'
import { component, text } from './component.ts'

const complaint = component<Complaint>()('Complaint', {
  path: text('Where in the configuration, as `sources.office.servers[0]`.'),
  problem: text('What is wrong and what was expected.'),
  example: Type.Optional(text('What would be accepted.')),
})

/** The body of every refusal (RFC 9457). */
export const problem = Type.Object(
  {
    type: text('`about:blank`, or `urn:peerage:problem:WORD`'),
    title: text(),
    status: Type.Integer(),
    detail: text('What is wrong, for people'),
    error: text('The same as detail'),
    why: Type.Optional(text('The WORD')),
    complaints: Type.Optional(
      Type.Array(complaint, { description: 'About the settings of a source, one by one.' }),
    ),
  },
  { $id: 'Problem' },
)

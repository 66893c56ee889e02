import { Type } from 'typebox'
import type {
  AttributeReport,
  AttributeUse,
  DifferenceLine,
  PeoplePreview,
  PossibleAttribute,
  PreviewedPerson,
  SettingsChange,
  SettingsFileState,
  SourceOutline,
  TriedStep,
} from '../source-settings.ts'
import { component, count, flag, moment, oneOf, orNull, text, texts } from './component.ts'
import { planPreview } from './plans.ts'

const outline = component<SourceOutline>()('Source', {
  name: text(),
  preset: text(),
  where: text('Addresses of servers, a domain, or a file.'),
  base: text(),
  filter: text(),
  schedule: text('When it is read, as cron writes it.'),
  next: Type.Array(moment('A read by the schedule'), { description: 'The next of them.' }),
  changes: text('How changes are noticed between the reads.'),
  bindUser: orNull(Type.String()),
})

const change = component<SettingsChange>()('ConfigurationChange', {
  source: text(),
  outcome: oneOf(['under-way', 'in-force', 'refused'], '`refused`: the file is as it was before.'),
  problem: orNull(Type.String()),
  at: moment('When it was made'),
})

const configuration = component<SettingsFileState>()('Configuration', {
  path: orNull(Type.String(), 'Null: there is no file.'),
  obstacle: orNull(
    oneOf(['no-file', 'not-readable', 'not-writable']),
    'Why nothing can be changed from here; null: it can.',
  ),
  change: orNull(change, 'The latest one from here.'),
})

const step = component<TriedStep>()('TriedStep', {
  step: text('As `dns`, `tcp`, `tls`, `bind`, `base`.'),
  ok: flag(),
  detail: text('What was found, or what failed and the remedy.'),
  tookMs: Type.Number({ minimum: 0, description: 'In milliseconds.' }),
})

const attributeUse = component<AttributeUse>()('AttributeUse', {
  name: text(),
  count: count('How many of the first entries have it.'),
  example: orNull(Type.String(), 'Null: it is, or may be, a secret, or no text.'),
  isSecret: flag(),
  fields: texts('Fields of a person that are made of it.'),
})

const possibleAttribute = component<PossibleAttribute>()('PossibleAttribute', {
  name: text(),
  description: text(),
})

const attributes = component<AttributeReport>()('AttributeReport', {
  entries: count('How many were looked at.'),
  used: Type.Array(attributeUse),
  possible: orNull(
    Type.Array(possibleAttribute),
    'What entries of these classes may have, and none of the first has; null: no schema could be read.',
  ),
})

const previewedPerson = component<PreviewedPerson>()('PreviewedPerson', {
  dn: text(),
  person: orNull(
    Type.Object({
      name: text(),
      user: orNull(Type.String()),
      extension: orNull(Type.String()),
      aliases: texts(),
      dids: texts(),
      email: orNull(Type.String()),
      disabled: orNull(Type.String(), 'Why he would not be let in.'),
      details: Type.Array(Type.Tuple([text(), text()]), {
        description: 'All else: name of the field, and what it would be.',
      }),
    }),
    'Null: the entry would be nobody; `problems` says why.',
  ),
  problems: texts(),
})

const people = component<PeoplePreview>()('PeoplePreview', { people: Type.Array(previewedPerson) })

const differenceLine = component<DifferenceLine>()('DifferenceLine', {
  kind: oneOf(['same', 'new', 'gone', 'gap'], '`gap`: lines that stay as they are are left out.'),
  text: text('Never a secret.'),
})

const error = orNull(Type.String(), 'Why it ended too early; null: it did not.')

const difference = Type.Object({
  difference: Type.Array(differenceLine, { description: 'Of the configuration file.' }),
})

export const sourceAnswers = {
  'GET /api/sources': Type.Object({ sources: Type.Array(outline) }),
  'GET /api/configuration': Type.Object({ configuration }),
  'POST /api/sources/{name}/test': Type.Object({ connection: orNull(Type.Array(step)), error }),
  'POST /api/sources/{name}/attributes': Type.Object({ attributes: orNull(attributes), error }),
  'POST /api/sources/{name}/preview': Type.Object({ people: orNull(people), error }),
  'POST /api/sources/{name}/plan': Type.Object({ plan: orNull(planPreview), error }),
  'POST /api/sources/{name}/difference': difference,
  'PUT /api/sources/{name}': difference,
  'DELETE /api/sources/{name}': difference,
}

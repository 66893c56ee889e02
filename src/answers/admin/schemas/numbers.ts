import { Type } from 'typebox'
import type { NumberRange, UnownedDids } from '../number-use.ts'
import { component, count, idOfPerson, next, oneOf, orNull, text } from './component.ts'
import { numberKind } from './people.ts'
import { holder } from './plans.ts'

const ends = { first: text(), last: text(), count: count('How many numbers these are.') }

const range = component<NumberRange>()('NumberRange', ends)

const unowned = component<UnownedDids>()('UnownedNumbers', {
  ...ends,
  extension: orNull(
    Type.String(),
    'What the rules of the site put behind the first; null: they say of nobody.',
  ),
})

export const numberAnswers = {
  'GET /api/numbers': Type.Object({
    extensions: Type.Array(
      Type.Object({
        digits: count('Length of these extensions.'),
        used: count(),
        free: count('Between the least and the greatest that is used.'),
      }),
    ),
    conflicts: count('Ids that more than one person claims.'),
    unreadable: count('Numbers that the rules of the site do not read.'),
    unowned: count('Own public numbers that ring nobody.'),
  }),
  'GET /api/numbers/free': Type.Object({ free: Type.Array(range), next }),
  'GET /api/numbers/unreadable': Type.Object({
    unreadable: Type.Array(
      Type.Object({
        id: idOfPerson,
        name: text(),
        kind: numberKind,
        text: text('As the directory writes it.'),
      }),
    ),
    next,
  }),
  'GET /api/numbers/unowned': Type.Object({ unowned: Type.Array(unowned), next }),
  'GET /api/conflicts': Type.Object({
    conflicts: Type.Array(
      Type.Object({
        key: text('The id, in lower case.'),
        kind: oneOf(['extension', 'alias'], 'As what the loser claims it.'),
        owner: holder,
        loser: holder,
      }),
    ),
    next,
  }),
}

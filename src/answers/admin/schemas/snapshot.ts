import { Type } from 'typebox'
import type { Claim, Member } from '../../../people/member.ts'
import type { Missing, Standing } from '../../../people/standing.ts'
import type { SourceClock } from '../../../sync/source-clock.ts'
import { component, count, flag, moment, oneOf, orNull, text } from './component.ts'
import { decided, disabledReason, person } from './people.ts'

const clock = component<SourceClock>()('SourceClock', {
  readAt: orNull(moment('When the source was last read completely'), 'Null: never.'),
  clock: count('Milliseconds that count for who is missing.'),
  reads: count('Complete reads so far.'),
})

const claim = component<Claim>()('Claim', {
  key: text('The id that he wants, in lower case.'),
  kind: oneOf(['extension', 'alias']),
  since: count('Id of the run that first saw this.'),
})

const missing = component<Missing>()('Missing', {
  since: moment('When the read ended that missed him first'),
  stage: oneOf(['grace', 'disabled'], '`grace`: still answered; `disabled`: answered nowhere.'),
  clock: count('The `clock` of the source when this stage began.'),
  reads: count('Its `reads` then.'),
  approved: flag('An administrator approved of it.'),
})

const standing = component<Standing>()('Standing', {
  directory: disabledReason,
  missing: orNull(missing, 'Null: the directory has him.'),
  decided,
  managed: flag('False: an administrator took him out of the hands of the directory.'),
})

const member = component<Member>()('Member', {
  person,
  claims: Type.Array(claim),
  standing: Type.Optional(standing),
})

/** One line of `GET /api/snapshot`. */
export const snapshotLine = Type.Union(
  [
    Type.Object({ source: text('Its name.'), clock }, { $id: 'SnapshotSource' }),
    Type.Object({ member }, { $id: 'SnapshotMember' }),
  ],
  { $id: 'SnapshotLine' },
)

export const snapshotAnswers = { 'GET /api/snapshot': snapshotLine }

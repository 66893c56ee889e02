import { accessAnswers } from './access.ts'
import { asteriskAnswers } from './asterisk.ts'
import { callAnswers } from './calls.ts'
import type { Sent } from './component.ts'
import { meAnswers } from './me.ts'
import { numberAnswers } from './numbers.ts'
import { peopleAnswers } from './people.ts'
import { phoneAnswers } from './phones.ts'
import { planAnswers } from './plans.ts'
import { runAnswers } from './runs.ts'
import { snapshotAnswers } from './snapshot.ts'
import { sourceAnswers } from './sources.ts'

/** What each operation answers when it is done. */
export const answers = {
  ...peopleAnswers,
  ...runAnswers,
  ...planAnswers,
  ...numberAnswers,
  ...callAnswers,
  ...phoneAnswers,
  ...accessAnswers,
  ...meAnswers,
  ...asteriskAnswers,
  ...sourceAnswers,
  ...snapshotAnswers,
}

/** By this the compiler holds a route to its description: `return { … } satisfies AnswerTo<'GET /api/runs'>`. */
export type AnswerTo<Operation extends keyof typeof answers> = Sent<(typeof answers)[Operation]>

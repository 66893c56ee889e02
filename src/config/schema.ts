import { Type, type Static } from 'typebox'
import { loginProperties, sourceLoginProperties } from '../answers/auth/login-options.ts'
import { classProperties } from '../answers/realtime/class-options.ts'
import { queueProperties } from '../answers/realtime/queue-options.ts'
import { realtimeProperties } from '../answers/realtime/realtime-options.ts'
import { agiProperties } from '../answers/agi/options.ts'
import { callProperties } from '../answers/caller/options.ts'
import { meProperties } from '../answers/me/options.ts'
import { lookupProperties } from '../answers/lookup/options.ts'
import { phonebookProperties } from '../answers/phonebook/options.ts'
import { directoryProperties } from '../directory/sources.ts'
import { listenProperties } from '../http/addresses.ts'
import { mappingProperties } from '../mapping/options.ts'
import { noticeProperties } from '../notices/options.ts'
import { pbxProperties } from '../pbx/options.ts'
import { siteProperties } from '../person/site.ts'
import { secretProperties } from '../state/secret-policy.ts'
import { stateProperties } from '../state/state.ts'
import { guardProperties, sourceGuardProperties } from '../sync/guard.ts'
import { joinProperties } from '../sync/join.ts'
import { leaverProperties } from '../sync/leavers.ts'
import { scheduleProperties } from '../sync/schedule.ts'

/** The whole configuration: the folders' own options, side by side. */
export const configSchema = Type.Object(
  {
    site: Type.Object(siteProperties, {
      additionalProperties: false,
      description: 'How telephone numbers are written and dialled where the company is.',
    }),
    sources: Type.Record(
      Type.String(),
      Type.Object(
        {
          ...directoryProperties,
          ...mappingProperties,
          ...scheduleProperties,
          ...secretProperties,
          ...leaverProperties,
          ...sourceGuardProperties,
          ...joinProperties,
          ...sourceLoginProperties,
        },
        { additionalProperties: false },
      ),
      {
        minProperties: 1,
        description: 'The directories, by a name of your own; the first wins a conflict.',
      },
    ),
    ...stateProperties,
    ...guardProperties,
    ...noticeProperties,
    ...listenProperties,
    ...loginProperties,
    ...classProperties,
    ...queueProperties,
    ...realtimeProperties,
    ...callProperties,
    ...agiProperties,
    ...lookupProperties,
    ...phonebookProperties,
    ...meProperties,
    ...pbxProperties,
    log: Type.Union(
      [
        Type.Literal('debug'),
        Type.Literal('info'),
        Type.Literal('warn'),
        Type.Literal('error'),
        Type.Literal('silent'),
      ],
      { default: 'info', description: 'How much is logged (JSON lines on standard output).' },
    ),
  },
  { additionalProperties: false },
)

export type Config = Static<typeof configSchema>

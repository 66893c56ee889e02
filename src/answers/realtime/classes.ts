import { isMember, isUnder } from '../../person/membership.ts'
import type { Person } from '../../person/person.ts'
import { builtInCallClass, type CallClass } from '../caller/class-options.ts'
import type { ClassOptions } from './class-options.ts'
import { usualSteps } from './steps.ts'

/** Columns by name, as they go into a row. */
export type FurtherColumns = Readonly<Record<string, string>>

/** A class with every default filled in. */
export interface EndpointClass extends CallClass {
  readonly name: string
  readonly context: string
  readonly didContext: boolean
  readonly codecs: readonly string[]
  readonly maxContacts: number
  readonly qualifySeconds: number
  readonly ringSeconds: number
  /** Templates of dialplan steps: see `steps.ts`. */
  readonly steps: readonly string[]
  readonly voicemail: boolean
  readonly mwi: 'subscribe' | 'notify'
  readonly auth: 'userpass' | 'md5' | 'digest'
  /** Null: none is named, and Asterisk's own default counts. */
  readonly realm: string | null
  readonly callGroup: 'directory' | 'first-digit'
  readonly queue: string | null
  readonly nat: boolean
  readonly transport: string | null
  readonly language: string | null
  readonly musicOnHold: string | null
  readonly variables: Readonly<Record<string, string>>
  readonly endpoint: FurtherColumns
  readonly aor: FurtherColumns
  readonly peer: FurtherColumns
}

const builtIn: EndpointClass = {
  name: 'default',
  context: 'internal',
  didContext: false,
  codecs: ['opus', 'g722', 'alaw', 'ulaw'],
  maxContacts: 2,
  qualifySeconds: 60,
  ringSeconds: 30,
  steps: usualSteps,
  voicemail: true,
  mwi: 'subscribe',
  auth: 'userpass',
  realm: null,
  callGroup: 'directory',
  queue: null,
  nat: false,
  transport: null,
  language: null,
  musicOnHold: null,
  variables: {},
  endpoint: {},
  aor: {},
  peer: {},
  ...builtInCallClass,
}

/** Which class a person is in: the first whose condition he meets, else `default`. */
export function compileClasses(
  classes: Readonly<Record<string, ClassOptions>>,
): (person: Person) => EndpointClass {
  const fallback = fill('default', builtIn, classes['default'] ?? {})
  const others = Object.entries(classes)
    .filter(([name]) => name !== 'default')
    .map(([name, options]) => ({
      group: options.when?.group,
      under: options.when?.under,
      filled: fill(name, fallback, options),
    }))
  if (others.length === 0) return () => fallback
  return (person) =>
    others.find(
      ({ group, under }) =>
        (group === undefined || isMember(person, group)) &&
        (under === undefined || isUnder(person, under)),
    )?.filled ?? fallback
}

/** Where a person's calls begin. */
export function contextOf(person: Person, own: EndpointClass): string {
  const did = own.didContext ? person.dids[0] : undefined
  return did === undefined ? own.context : did.slice(1)
}

function fill(name: string, base: EndpointClass, options: ClassOptions): EndpointClass {
  const { when: _, endpoint = {}, aor = {}, peer = {}, ...set } = options
  return {
    ...base,
    ...set,
    name,
    endpoint: { ...base.endpoint, ...asTexts(endpoint) },
    aor: { ...base.aor, ...asTexts(aor) },
    peer: { ...base.peer, ...asTexts(peer) },
  }
}

/** YAML's `true` and `60` as Asterisk writes them. */
function asTexts(columns: Readonly<Record<string, string | number | boolean>>): FurtherColumns {
  return Object.fromEntries(
    Object.entries(columns).map(([column, value]) => [
      column,
      typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value),
    ]),
  )
}

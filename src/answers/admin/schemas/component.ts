import { Type, type Static, type TObject, type TProperties, type TSchema } from 'typebox'

/**
 * What the API answers is described here, a file a subject: the named parts, and what each operation
 * makes of them. For the description of the API only; no answer is checked or changed by it. The
 * compiler holds each part to the type that it describes, and what is sent to what an operation says.
 */

/**
 * `component<Person>()('Person', { … })`: a part with a name of its own in the description. Does not
 * compile unless it has exactly the fields of the type, as optional and as null as they are there.
 */
export function component<T>() {
  return <P extends TProperties>(name: string, properties: P & Faithful<P, T>): TObject<P> =>
    Type.Object<P>(properties, { $id: name })
}

type Faithful<P extends TProperties, T> =
  Same<Static<TObject<P>>, T> extends true ? unknown : { readonly differs: T }

type Same<A, B> = [Bare<A>] extends [Bare<B>] ? ([Bare<B>] extends [Bare<A>] ? true : false) : false

/** So that what is optional is another thing than what is not, and what may not be written is not. */
type Bare<T> = unknown extends T
  ? { readonly anything: true }
  : T extends readonly (infer Item)[]
    ? readonly Bare<Item>[]
    : T extends object
      ? { readonly [K in keyof T]-?: object extends Pick<T, K> ? [Bare<T[K]>] : Bare<T[K]> }
      : T

/** What may be sent as an answer of this schema. */
export type Sent<S extends TSchema> = Fixed<Static<S>>

type Fixed<T> = unknown extends T ? T : { readonly [K in keyof T]: Fixed<T[K]> }

export function orNull<S extends TSchema>(schema: S, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description })
}

export function text(description?: string) {
  return Type.String(description === undefined ? {} : { description })
}

export function texts(description?: string) {
  return Type.Array(Type.String(), description === undefined ? {} : { description })
}

export function count(description?: string) {
  return Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) })
}

export function flag(description?: string) {
  return Type.Boolean(description === undefined ? {} : { description })
}

export function oneOf<const V extends string>(values: readonly V[], description?: string) {
  return Type.Enum<V[]>([...values], {
    type: 'string',
    ...(description === undefined ? {} : { description }),
  })
}

/** A moment as nearly all of them are written. */
export function moment(description: string) {
  return Type.Integer({ description: `${description}, in milliseconds since 1970` })
}

/** One that is written for people. */
export function writtenMoment(description: string) {
  return Type.String({ format: 'date-time', description: `${description} (ISO 8601)` })
}

export const idOfPerson = text('`source/directory-id`; its slash is written `%2F` in a path.')

/** What each list ends with. */
export const next = orNull(Type.String(), '`cursor` of the next page; null: this is the last.')

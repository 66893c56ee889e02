/** As much of a schema of an answer as is shown. */
export interface AnswerSchema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly anyOf?: readonly AnswerSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: AnswerSchema | readonly AnswerSchema[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, AnswerSchema>>
}

/** A field of an answer, a line of the table. */
export interface AnsweredField {
  /** Of one inside another: `book.form`, `extensions[].digits`. */
  readonly name: string
  readonly isAlways: boolean
  readonly kind: readonly KindPiece[]
  readonly text: string
}

/** A word of what it is; a `part` is shown elsewhere. */
export interface KindPiece {
  readonly text: string
  readonly part: boolean
}

export interface Answered {
  /** Its name or names; empty: it is none of the named parts. */
  readonly kind: readonly KindPiece[]
  readonly fields: readonly AnsweredField[]
}

/** What is shown of an answer, or of one of the named parts. */
export function answered(schema: AnswerSchema): Answered {
  return { kind: schema.properties ? [] : kindOf(schema), fields: fieldsOf(schema, '') }
}

function fieldsOf({ properties = {}, required = [] }: AnswerSchema, before: string) {
  return Object.entries(properties).flatMap(([name, schema]): AnsweredField[] => {
    const inner = innerOf(schema)
    const field = {
      name: `${before}${name}`,
      isAlways: required.includes(name),
      kind: kindOf(schema),
      text: textOf(schema),
    }
    return [field, ...fieldsOf(inner.schema, `${field.name}${inner.mark}.`)]
  })
}

/** What is written out in place: an object, or the objects of a list. */
function innerOf(schema: AnswerSchema): { readonly schema: AnswerSchema; readonly mark: string } {
  const { anyOf, items } = schema
  const own = anyOf?.find(({ type }) => type !== 'null') ?? schema
  if (items && !Array.isArray(items)) return { schema: items as AnswerSchema, mark: '[]' }
  return { schema: own, mark: '' }
}

function kindOf({ $ref, type, format, anyOf, enum: values, ...rest }: AnswerSchema): KindPiece[] {
  if ($ref !== undefined) return [{ text: $ref.split('/').at(-1) ?? '', part: true }]
  if (anyOf) {
    return anyOf.flatMap((each, at) => [...(at === 0 ? [] : [word(' or ')]), ...kindOf(each)])
  }
  if (values) return [word(values.join(' | '))]
  if (rest.const !== undefined) return [word(String(rest.const))]
  if (!rest.items) return [word(format ?? type ?? 'any')]
  if (Array.isArray(rest.items)) return [word('list')]
  return [word('list of '), ...kindOf(rest.items as AnswerSchema)]
}

/** Markdown in the description, plain here; of what may be null, what is said of it otherwise as well. */
function textOf({ description, anyOf = [] }: AnswerSchema): string {
  const own = anyOf.flatMap((each) => each.description ?? [])
  return [...own, ...(description === undefined ? [] : [description])]
    .map((each) => (/[.!?]$/.test(each) ? each : `${each}.`))
    .join(' ')
    .replaceAll('`', '')
}

function word(text: string): KindPiece {
  return { text, part: false }
}

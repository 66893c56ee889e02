import { Type, type TUnsafe } from 'typebox'

/** One of these words, with their type, which `Type.Union` of a mapped list would lose. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  about: { readonly description?: string; readonly default?: Word } = {},
): TUnsafe<Word> {
  return Type.Unsafe<Word>(
    Type.Union(
      words.map((word) => Type.Literal(word)),
      about,
    ),
  )
}

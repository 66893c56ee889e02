import { cleanText } from '../person/text.ts'

/** What a server said, in one line and of a length that a page can show. */
export function shownText(text: string, longest: number): string {
  const clean = cleanText(text, longest)
  return clean.isCut ? `${clean.text}…` : clean.text
}

import { cleanText } from '../../person/text.ts'

/**
 * Text of a directory as it may become a channel variable or a display name: no control
 * characters, nothing that ends a quoted string or a SIP header, and no `${` or `$[`, which a
 * dialplan that is not careful would evaluate. At most 80 characters, as caller names are.
 */
export function dialplanText(text: string, longest = 80): string {
  const plain = text
    .replaceAll('"', "'")
    .replaceAll(/[<>\\;]+/g, ' ')
    .replaceAll(/\$+(?=[{[])/g, '')
  return cleanText(plain, longest).text
}

/** Stands before whatever was typed on the number keys; no folded text has it. */
export const keyMark = '~'

/** A word as it is typed on the number keys, in signs that no folded text has. */
export function keysOf(word: string): string {
  let keys = keyMark
  for (const letter of word) {
    const code = letter.charCodeAt(0)
    if (code >= 97 && code <= 122) keys += keyLetter(keyOfLetter[code - 97] ?? '1')
    else if (code >= 48 && code <= 57) keys += keyLetter(letter)
    else return keyMark
  }
  return keys
}

/** Digits that may be a name, as `keysOf` writes its beginning; null: they are none. */
export function keysTyped(digits: string): string | null {
  return /^[2-9]{2,}$/.test(digits) ? keyMark + digits.replaceAll(/\d/g, keyLetter) : null
}

function keyLetter(digit: string): string {
  return String.fromCharCode(65 + Number(digit))
}

const keyOfLetter = '22233344455566677778889999'

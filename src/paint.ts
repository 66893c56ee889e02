/** Marks text for a terminal, or leaves it. */
export type Paint = (colour: 'red' | 'green' | 'yellow' | 'bold', text: string) => string

const codes = { red: 31, green: 32, yellow: 33, bold: 1 } as const

/** Colours only on a terminal, and not when NO_COLOR says so (no-color.org). */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  const isPlain = !stream.isTTY || Boolean(environment['NO_COLOR'])
  return (colour, text) => (isPlain ? text : `\u001b[${codes[colour]}m${text}\u001b[0m`)
}

/** What the console's `realtime load` prints: a table of columns and values. */
export function readTable(text: string): [string, string][] {
  return text
    .split('\n')
    .slice(2)
    .flatMap((line): [string, string][] => {
      const match = /^ *(\S+) {2}(.*)$/.exec(line)
      return match ? [[match[1] ?? '', (match[2] ?? '').trim()]] : []
    })
}

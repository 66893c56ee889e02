/** One line of a difference, or the gap between two places of it. */
export interface DiffLine {
  readonly kind: 'same' | 'new' | 'gone' | 'gap'
  readonly text: string
}

const context = 3

/** What differs between two texts, with the lines around it. Empty: nothing. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  let top = 0
  while (top < old.length && top < now.length && old[top] === now[top]) top++
  let tail = 0
  const most = Math.min(old.length, now.length) - top
  while (tail < most && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++
  const same = (lines: readonly string[]) => lines.map((text) => ({ kind: 'same', text }) as const)
  const middle = compare(old.slice(top, old.length - tail), now.slice(top, now.length - tail))
  const rest = same(tail === 0 ? [] : now.slice(-tail))
  return withoutFar([...same(old.slice(0, top)), ...middle, ...rest])
}

/** By the longest common subsequence: the texts are those of one source, some dozens of lines. */
function compare(old: readonly string[], now: readonly string[]): DiffLine[] {
  const width = now.length + 1
  const common = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const below = common[(i + 1) * width + j] ?? 0
      const right = common[i * width + j + 1] ?? 0
      const both = (common[(i + 1) * width + j + 1] ?? 0) + 1
      common[i * width + j] = old[i] === now[j] ? both : Math.max(below, right)
    }
  }
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    const [gone, added] = [old[i], now[j]]
    if (gone !== undefined && gone === added) {
      lines.push({ kind: 'same', text: gone })
      i++
      j++
    } else if (
      gone !== undefined &&
      (added === undefined ||
        (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      lines.push({ kind: 'gone', text: gone })
      i++
    } else if (added !== undefined) {
      lines.push({ kind: 'new', text: added })
      j++
    }
  }
  return lines
}

function withoutFar(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = new Set<number>()
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'same') continue
    for (let at = index - context; at <= index + context; at++) isNear.add(at)
  }
  return lines.flatMap((line, index): DiffLine[] => {
    if (isNear.has(index)) return [line]
    return isNear.has(index - 1) && isNear.size > 0 && hasMore(index, lines.length, isNear)
      ? [{ kind: 'gap', text: '…' }]
      : []
  })
}

function hasMore(from: number, length: number, near: ReadonlySet<number>): boolean {
  for (let at = from; at < length; at++) if (near.has(at)) return true
  return false
}

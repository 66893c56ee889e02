import type { State } from './state/state.ts'

interface Heard {
  /** Call the result to forget whoever listens now; those who come meanwhile stay. */
  listening(): () => void
}

/** The same for all of the state: every part of it that has listeners. */
export function listening(state: State): () => void {
  const parts: readonly unknown[] = Object.values(state)
  const forgetting = parts.filter(isHeard).map((part) => part.listening())
  return () => forgetting.forEach((forget) => forget())
}

function isHeard(part: unknown): part is Heard {
  return typeof part === 'object' && part !== null && 'listening' in part
}

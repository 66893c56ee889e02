import { LRUCache } from 'lru-cache'
import { claimKey } from '../../people/member.ts'
import type { People } from '../../people/people.ts'
import type { Secrets } from '../../state/secrets.ts'

/** Answers: about 300 bytes each. */
const mostAnswers = 100_000

/**
 * Encoded answers to `id=501`, by the question's own text: one look-up instead of the walk from
 * the extension to the person to his row. Each is dropped when its person or his secrets change;
 * "not there" is not kept, or a scanner would fill this with what it invents.
 */
export class KeptAnswers {
  readonly #column: string
  // With `max` it would take the room for all of them at once.
  readonly #answers = new LRUCache<string, string>({
    maxSize: mostAnswers,
    sizeCalculation: () => 1,
  })

  /** `column`: the one that holds the extension. */
  constructor(column: string, people: People, secrets: Pick<Secrets, 'onChange'>) {
    this.#column = column
    people.onChange(({ put, removed }) => {
      for (const { before, after } of put) {
        this.#drop(before?.person.extension)
        this.#drop(after.person.extension)
      }
      for (const { person } of removed) this.#drop(person.extension)
    })
    secrets.onChange((id) => this.#drop(people.get(id)?.extension))
  }

  get(question: string): string | undefined {
    return this.#answers.peek(question) // does not reorder: that would cost as much as the look-up
  }

  /** Only the plain form in small letters is kept: another spelling would outlive a change. */
  keep(question: string, answer: string): void {
    const { length } = this.#column
    const isPlain = question[length] === '=' && question.startsWith(this.#column)
    if (isPlain && /^[a-z0-9_]+$/.test(question.slice(length + 1)))
      this.#answers.set(question, answer)
  }

  #drop(extension: string | null | undefined): void {
    // In whatever spelling it is claimed: `Zoe` may have taken `zoe` away from somebody.
    if (extension) this.#answers.delete(`${this.#column}=${claimKey(extension)}`)
  }
}

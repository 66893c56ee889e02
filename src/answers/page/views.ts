import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isAtLeast } from '../auth/subject.ts'
import type { Visitor } from '../auth/visitors.ts'
import { wordingOf } from './wording.ts'
import { languageOf, words, type Words } from './words.ts'

const folder = fileURLToPath(new URL('./views', import.meta.url))

/** What each template may use beside its own data: `it.w` words, `it.f` wording, `it.user`, `it.isPerson`, `it.may`. */
export interface Shown {
  readonly title: keyof Words | { readonly text: string }
  readonly active?: keyof Words
  readonly [data: string]: unknown
}

/**
 * The pages as text. Every value is escaped where it is written; nothing that came from a directory
 * stands in a script, a style or an attribute without quotes.
 */
export class Views {
  readonly #eta = new Eta({ views: folder, cache: true })
  readonly #assets: Readonly<Record<string, string>>
  readonly #now: () => number

  constructor(assets: Readonly<Record<string, string>>, now: () => number) {
    this.#assets = assets
    this.#now = now
  }

  send(
    request: FastifyRequest,
    reply: FastifyReply,
    visitor: Visitor | null,
    view: string,
    { title, ...data }: Shown,
  ): FastifyReply {
    const language = languageOf(request)
    const w = words[language]
    const role = visitor?.subject.role ?? 'person'
    const html = this.#eta.render(`./${view}`, {
      ...data,
      title: typeof title === 'string' ? w[title] : title.text,
      language,
      w,
      f: wordingOf(language, w, this.#now()),
      user: visitor && { name: visitor.subject.name, csrf: visitor.csrf },
      isPerson: visitor?.subject.kind === 'person',
      may: {
        read: isAtLeast(role, 'reader'),
        help: isAtLeast(role, 'helpDesk'),
        administer: isAtLeast(role, 'administrator'),
      },
      assets: this.#assets,
    })
    return reply.type('text/html; charset=utf-8').send(html)
  }
}

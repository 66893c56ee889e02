/** What is open to everybody, outside `/api`: as `paths` of the description has it. */
export const openPaths = {
  '/healthz': opened('/healthz', 'Health', {
    summary: 'Whether the people are up to date, by source',
    refusal: 'There never were any people',
  }),
  '/readyz': opened('/readyz', 'Readiness', {
    summary: 'Whether somebody can be answered, and each source was tried once',
    refusal: 'Not yet',
  }),
}

interface Words {
  readonly summary: string
  readonly refusal: string
}

function opened(path: string, component: string, { summary, refusal }: Words) {
  const content = {
    'application/json': { schema: { $ref: `#/components/schemas/${component}` } },
  }
  return {
    get: {
      summary,
      description: 'Open to everybody.',
      security: [],
      'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: `curl "$PEERAGE${path}"` }],
      responses: {
        200: { description: 'Done', content },
        503: { description: refusal, content },
      },
    },
  }
}

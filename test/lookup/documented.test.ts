import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { entry, startTestService } from '../support/service.ts'

test('the questions by HTTP are answered as docs/calls.md writes them', async () => {
  const ldif = entry('shiv', 1, { cn: 'Siobhán', mobile: '0170 3920018' })
  await using company = await startTestService({ ldif, source: 'map: { extension: null }' })
  const text = await readFile(new URL('../../docs/calls.md', import.meta.url), 'utf8')
  const [, block = ''] = /^## HTTP\n\n```\n(.*?)```/ms.exec(text) ?? []
  const commands = block.trimEnd().split('\n')
  expect(commands).toHaveLength(2)
  const answers = commands.map(async (command) => {
    const here = command.replace(':8080/', `:${company.service.web.port}/`)
    return (await promisify(execFile)('sh', ['-c', `curl --silent ${here.slice(5)}`])).stdout
  })
  const [json = '', name] = await Promise.all(answers)
  expect(JSON.parse(json)).toMatchObject({ name: 'Siobhán', number: '+491703920018' })
  expect(name).toBe('Siobhán')
})

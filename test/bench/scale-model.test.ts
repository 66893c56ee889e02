import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkModel, tableRows, worst } from '../../bench/scale-model.ts'

test('the model of large installations predicts what was measured', () => {
  expect(checkModel()).toEqual([])
})

test('docs/scale.md shows what the model says', () => {
  const page = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8')
  const rows = page.split('\n').map((line) => line.replaceAll(/ +/g, ' '))
  for (const row of tableRows(worst())) expect(rows).toContain(`| ${row.join(' | ')} |`)
})

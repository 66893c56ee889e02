import { describe, expect, test } from 'vitest'
import { isLike, likePrefix, meets, readQuestion } from '../../src/answers/realtime/question.ts'

describe(isLike, () => {
  test.each([
    ['501', '%', true],
    ['', '%', true],
    ['501', '5%', true],
    ['501', '5_1', true],
    ['501', '5__1', false],
    ['_81X', String.raw`\_%`, true],
    ['81X', String.raw`\_%`, false],
    ['50%', String.raw`50\%`, true],
    ['501', String.raw`50\%`, false],
    ['a;@b', 'a;@%', true],
    ['abcabd', '%abd', true],
    ['501', '50', false],
    ['x'.repeat(2000), `${'%x'.repeat(50)}y`, false],
  ])('%s LIKE %s is %s', (text, pattern, expected) => expect(isLike(text, pattern)).toBe(expected))
})

test('only a literal beginning followed by % is a prefix', () => {
  expect(likePrefix('899%')).toBe('899')
  expect(likePrefix(String.raw`\_%`)).toBe('_')
  expect(likePrefix('%')).toBe('')
  expect(likePrefix('8_9%')).toBeUndefined()
  expect(likePrefix('%9')).toBeUndefined()
})

describe(meets, () => {
  const row = [
    ['id', '501'],
    ['expiration_time', '1795313700'],
    ['path', ''],
  ] as const

  test.each([
    ['id=501', true],
    ['id=502', false],
    ['id%20!%3D=502', true],
    ['expiration_time%20%3C%3D=1795313700', true],
    ['expiration_time%20%3C%3D=999', false],
    ['expiration_time%20%3E=999', true],
    ['path%20!%3D=', false],
    ['mailboxes%20!%3D=', false],
    ['id%20SOUNDS=501', false],
  ])('%s is %s', (body, expected) => {
    expect(readQuestion(body).every((condition) => meets(row, condition))).toBe(expected)
  })
})

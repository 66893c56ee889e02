import { describe, expect, test } from 'vitest'
import { decodePairs, encodeFields } from '../../src/answers/realtime/codec.ts'

describe(encodeFields, () => {
  test.each([
    ['a space is %20, never a plus', 'a b', 'a%20b'],
    ['a plus is escaped', 'a+b', 'a%2Bb'],
    ['what separates fields is escaped', 'a&b=c', 'a%26b%3Dc'],
    [
      'text is UTF-8',
      'Zoë Łódź Ωμέγα 李',
      'Zo%C3%AB%20%C5%81%C3%B3d%C5%BA%20%CE%A9%CE%BC%CE%AD%CE%B3%CE%B1%20%E6%9D%8E',
    ],
    ['a line break cannot end the row or a header', 'Evil\r\nVia: x', 'Evil%20Via%3A%20x'],
    ['a NUL cannot cut the value', 'secret\0tail', 'secret%20tail'],
    ['half a surrogate pair does not break the row', 'a\ud800b', 'a%EF%BF%BDb'],
  ])('%s', (_, value, encoded) => {
    expect(encodeFields([['name', value]])).toBe(`name=${encoded}\r\n`)
  })

  test('an empty value is left out, a field may stand twice', () => {
    expect(
      encodeFields([
        ['id', '501'],
        ['transport', ''],
        ['set_var', 'A=1'],
        ['set_var', 'B=2'],
      ]),
    ).toBe('id=501&set_var=A%3D1&set_var=B%3D2\r\n')
  })
})

describe(decodePairs, () => {
  test.each([
    ['the operator is part of the encoded name', 'id%20LIKE=501%3B%40%25', [['id LIKE', '501;@%']]],
    ['a plus stays a plus', 'a=1+2', [['a', '1+2']]],
    ['destroy ends with an ampersand', 'id=501%3B%40ff&', [['id', '501;@ff']]],
    ['update2 begins with one', '&password=5678', [['password', '5678']]],
    ['update2 glues its keys', '&context=defaultmailbox=501', [['context', 'defaultmailbox=501']]],
    ['a broken escape stays as it is', 'a=%zz', [['a', '%zz']]],
    [
      'a name alone has an empty value',
      'a&b=',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
    ['nothing is nothing', '', []],
  ])('%s', (_, text, pairs) => expect(decodePairs(text)).toEqual(pairs))
})

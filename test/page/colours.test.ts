import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const file = new URL('../../src/answers/page/assets/page.css', import.meta.url)
const css = readFileSync(file, 'utf8')
const [light = {}, dark = {}] = Array.from(css.matchAll(/:root \{([^}]*)\}/g), ([, rules = '']) =>
  Object.fromEntries(
    Array.from(rules.matchAll(/--([\w-]+): (#\w+);/g), ([, name = '', colour = '']) => [
      name,
      colour,
    ]),
  ),
)

/** Text and what it stands on. */
const texts = [
  ['ink', 'ground', 'card'],
  ['dim', 'ground', 'card', 'good-soft', 'warn-soft', 'bad-soft'],
  ['accent', 'ground', 'card'],
  ['accent-ink', 'accent'],
  ['good', 'card', 'good-soft'],
  ['warn', 'warn-soft'],
  ['bad', 'card', 'ground', 'bad-soft'],
] as const

const schemes = [
  { scheme: 'light', colours: light },
  { scheme: 'dark', colours: { ...light, ...dark } },
]

test.each(schemes)('text is read in the $scheme colours (WCAG 1.4.3: 4.5 to 1)', ({ colours }) => {
  const poor = texts.flatMap(([text, ...grounds]) =>
    grounds
      .map((ground) => [text, ground, contrast(colours, text, ground)] as const)
      .filter(([, , ratio]) => !(ratio >= 4.5)),
  )
  expect(poor).toEqual([])
})

test.each(schemes)('fields and focus are seen in the $scheme colours (1.4.11: 3 to 1)', (look) => {
  for (const colour of ['edge', 'accent']) {
    for (const ground of ['card', 'ground']) {
      expect(contrast(look.colours, colour, ground), colour).toBeGreaterThanOrEqual(3)
    }
  }
})

test('nothing makes text paler than its colour, but for buttons that cannot be pressed', () => {
  const pale = Array.from(css.matchAll(/([^{}]+)\{[^{}]*opacity: (0?\.\d+)/g), ([, who]) =>
    who?.trim(),
  )
  expect(pale).toEqual(['button:disabled'])
  expect(css).toMatch(/:focus-visible \{\s+outline: 3px/)
  expect(css).not.toContain('outline: none')
})

function contrast(colours: Readonly<Record<string, string>>, a: string, b: string): number {
  const [light = 0, dark = 0] = [colours[a], colours[b]].map(luminance).sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

/** Relative luminance, as WCAG defines it. */
function luminance(colour = ''): number {
  const hex = colour.slice(1)
  const digits =
    hex.length === 3 ? Array.from(hex, (each) => each + each) : (hex.match(/../g) ?? [])
  const [red = NaN, green = NaN, blue = NaN] = digits.map((each) => {
    const part = parseInt(each, 16) / 255
    return part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

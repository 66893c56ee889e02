import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { completion } from '../src/commands/completion.ts'
import { manual } from '../src/commands/manual.ts'
import { commandsOf, optionsOf, readUsage } from '../src/commands/usage-lines.ts'
import { usage } from '../src/main.ts'

const run = promisify(execFile)
const source = readFileSync(new URL('../src/main.ts', import.meta.url), 'utf8')
const handled = Array.from(source.matchAll(/case '([a-z-]+)':/g), ([, name = '']) => name)

describe('the usage text', () => {
  test('names every command that is handled', () => {
    const named = commandsOf(readUsage(usage))
    expect(handled.filter((name) => name !== 'help' && !named.includes(name))).toEqual([])
    expect(named).toContain('asterisk')
    expect(named).toContain('reject')
  })

  test('is read with options and further lines', () => {
    const entries = readUsage(usage)
    expect(entries.find(({ form }) => form.startsWith('plan '))).toMatchObject({
      form: 'plan [SOURCE]',
      text: expect.stringMatching(/^what a read would change; .* in use yet$/),
      options: [{ form: '--against FILE' }],
    })
    expect(optionsOf(entries)).toEqual(expect.arrayContaining(['--config', '--only', '--json']))
  })
})

test('the manual page has every command, and no line that a formatter takes for a request', () => {
  const page = manual(usage, '1.2.3')
  for (const name of commandsOf(readUsage(usage))) {
    const written = RegExp.escape(name.replaceAll('-', '\\-')) // as roff writes a hyphen
    expect(page).toMatch(new RegExp(`^\\.B peerage (?:.* )?${written}\\b`, 'm'))
  }
  const requests = page.split('\n').filter((line) => /^[.']/.test(line))
  expect(requests.filter((line) => !/^\.(TH|SH|TP|B|I|RS|RE)\b/.test(line))).toEqual([])
  expect(manual('About.\n\n  peerage x    .so /etc/passwd\n', '1')).toContain('\n\\&.so /etc')
})

describe('completion', () => {
  test('in bash suggests commands, options and files', async () => {
    const ask = async (words: string, at: number) => {
      const script = `${completion(usage, 'bash')}\nCOMP_WORDS=(${words}); COMP_CWORD=${at}; _peerage; echo "\${COMPREPLY[*]}"`
      return (await run('bash', ['-c', script])).stdout.trim()
    }
    expect(await ask('peerage pla', 1)).toBe('plan plans')
    expect(await ask('peerage lookup --sec', 2)).toBe('--secrets')
    expect(await ask('peerage restore package.j', 2)).toBe('package.json')
  })

  test('is known for three shells only', () => {
    expect(completion(usage, 'fish')).toContain('-f -a lookup')
    expect(completion(usage, 'zsh')).toMatch(/^#compdef peerage\n/)
    expect(() => completion(usage, 'cmd')).toThrow(/expected: peerage completion bash\|zsh\|fish/)
  })
})

test.skipIf(spawnSync('groff', ['--version']).error !== undefined)(
  'a formatter has nothing to complain of in the manual page',
  () => {
    const shown = spawnSync('groff', ['-man', '-ww', '-z'], { input: manual(usage, '1.2.3') })
    expect(shown.stderr.toString()).toBe('')
    expect(shown.status).toBe(0)
  },
)

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const src = join(root, 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)

interface Import {
  readonly file: string
  readonly from: string
  readonly isType: boolean
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8')
  return Array.from(
    text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm),
    ([, type, from = '']) => ({
      file,
      isType: type !== undefined,
      from: from.startsWith('.') ? relative(src, normalize(join(src, file, '..', from))) : from,
    }),
  )
}

const imports = files.flatMap(importsOf)
const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')

// Whoever signs in waits for a directory, and nobody else does; service.ts opens what it asks.
const isPasswordCheck = (file: string, from: string) =>
  file.startsWith('answers/auth/') && from === 'directory/credentials.ts'

test.each([
  ['person', ['']],
  ['ldap-wire', []],
  ['directory', ['', 'ldap-wire']],
  ['people', ['person']],
  ['mapping', ['', 'person', 'directory']],
  ['state', ['', 'person', 'people', 'directory']],
  ['answers', ['', 'person', 'people', 'state', 'sync', 'pbx', 'ldap-wire']],
  ['pbx', ['', 'person', 'people', 'state']],
  ['sync', ['', 'person', 'people', 'directory', 'mapping', 'state']],
  ['notices', ['', 'state', 'sync']],
  [
    'settings',
    ['', 'person', 'people', 'directory', 'mapping', 'state', 'sync', 'config', 'answers'],
  ],
  ['nodes', ['', 'people', 'state', 'sync']],
])('%s knows only what stands before it on the way of the data', (folder, allowed) => {
  const strangers = imports
    .filter(({ file, from }) => folderOf(file) === folder && files.includes(from))
    .filter(({ from }) => folderOf(from) !== folder && !allowed.includes(folderOf(from)))
    .filter(({ file, from }) => !isPasswordCheck(file, from))
  expect(strangers).toEqual([])
})

test('every dependency stands behind one folder', () => {
  const everywhere = ['typebox', 'fastify']
  const folders = new Map<string, Set<string>>()
  for (const { file, from } of imports) {
    if (files.includes(from) || from.startsWith('node:')) continue
    const name = from
      .split('/')
      .slice(0, from.startsWith('@') ? 2 : 1)
      .join('/')
    folders.set(name, (folders.get(name) ?? new Set()).add(folderOf(file)))
  }
  for (const name of everywhere) folders.delete(name)
  const spread = [...folders].filter(([, where]) => where.size > 1).map(([name]) => name)
  expect(spread).toEqual([])
})

test('no file is an index, and every import names its file', () => {
  expect(files.filter((name) => /(^|\/)index\.ts$/.test(name))).toEqual([])
  const unknown = imports.filter(
    ({ from }) => from.endsWith('.js') && !from.includes('node_modules'),
  )
  expect(unknown).toEqual([])
})

test('the README links to pages that exist', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const pages = Array.from(readme.matchAll(/\]\((?!https?:)([^)#]+)/g), ([, page = '']) => page)
  expect(pages.filter((page) => !existsSync(join(root, page)))).toEqual([])
  expect(pages.length).toBeGreaterThan(3)
})

test('the page about security names tests that are there', () => {
  const page = readFileSync(join(root, 'docs/security.md'), 'utf8')
  const cells = Array.from(page.matchAll(/\| ([^|]*) \|$/gm), ([, cell = '']) => cell)
  const named = cells.flatMap((cell) => cell.match(/(?<=`)[a-z][\w/-]*(?=`)/g) ?? [])
  const isThere = (name: string) =>
    ['', '.test.ts'].some((end) => existsSync(join(root, 'test', name + end)))
  expect(named.filter((name) => !isThere(name))).toEqual([])
  expect(named.length).toBeGreaterThan(30)
})

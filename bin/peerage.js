#!/usr/bin/env node
// Plain JavaScript that any Node can read: the service itself needs a newer one than some machines have.
import { existsSync } from 'node:fs'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `peerage needs Node 24.15 or newer, but this is ${process.versions.node}; in a checkout, 'npm ci' brings its own: use 'npm start' or 'npx peerage'\n`,
  )
  process.exitCode = 1
} else {
  fixYoungGeneration()
  // What the import of everybody leaves behind would stay for hours; people hardly grow after that.
  setFlagsFromString('--heap-growing-percent=20')
  // A checkout runs src/ as it is, the npm package holds dist/.
  const source = new URL('../src/main.ts', import.meta.url)
  const entry = existsSync(source) ? source : new URL('../dist/main.js', import.meta.url)
  const { main } = await import(entry.href)
  process.exitCode = await main(process.argv.slice(2))
}

/**
 * Node lets the youngest generation grow to 64 MB and more on a large machine, where each of its
 * collections holds up answers; in too small a one, what a question leaves behind is taken for old.
 * So it is grown to this size and kept there; no flag can be given to a program that runs already.
 */
function fixYoungGeneration() {
  const wantedBytes = 16 * 1_048_576
  const occupied = []
  while (youngBytes() < wantedBytes && occupied.length < 20_000) {
    occupied.push(Array.from({ length: 200 }, () => 0))
  }
  setFlagsFromString('--semi-space-growth-factor=1')
}

function youngBytes() {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  return young?.space_size ?? 0
}

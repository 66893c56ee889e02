#!/usr/bin/env node
// Plain JavaScript that any Node can read: the service itself needs a newer one than some machines have.
import { existsSync } from 'node:fs'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `peerage needs Node 24.15 or newer, but this is ${process.versions.node}; in a checkout, 'npm ci' brings its own: use 'npm start' or 'npx peerage'\n`,
  )
  process.exitCode = 1
} else {
  // A checkout runs src/ as it is, the npm package holds dist/.
  const source = new URL('../src/main.ts', import.meta.url)
  const entry = existsSync(source) ? source : new URL('../dist/main.js', import.meta.url)
  const { main } = await import(entry.href)
  process.exitCode = await main(process.argv.slice(2))
}

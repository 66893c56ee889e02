import { defineConfig } from 'vitest/config'

// A machine that is busy with something else may be too slow for a test once.
const retry = process.env['CI'] ? 1 : 0

// Domain controllers and 389-ds listen where they always do, so there is one of them at a time.
const fixedPorts = ['samba', 'ds389', 'active-directory'].map(
  (each) => `test/live/**/*${each}*.test.ts`,
)

// `unit` needs only Node. Importing a module does nothing here, so that test files may share what
// they import, which takes longer than most tests. `live` and `live-in-turn` start real servers and
// phones (test/rig).
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/live/**'],
          isolate: false,
          testTimeout: 30_000,
          retry,
        },
      },
      {
        test: {
          name: 'live',
          include: ['test/live/**/*.test.ts'],
          exclude: fixedPorts,
          globalSetup: ['test/rig/install.ts'],
          testTimeout: 60_000,
          hookTimeout: 600_000,
          retry,
        },
      },
      {
        test: {
          name: 'live-in-turn',
          include: fixedPorts,
          globalSetup: ['test/rig/install.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 600_000,
          retry,
        },
      },
    ],
  },
})

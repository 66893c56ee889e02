import { defineConfig } from 'vitest/config'

// A machine that is busy with something else may be too slow for a test once.
const retry = process.env['CI'] ? 1 : 0

// `unit` needs only Node. Importing a module does nothing here, so that test files may share what
// they import, which takes longer than most tests. `live` starts real servers and phones (test/rig),
// one file at a time: they share fixed ports (Samba) and two cores.
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

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

const BUILT = ['test/built/**/*.test.ts']

// Set by .ci/run, which counts the tests.
const countsFile = process.env['LOBTRADER_TEST_JSON']

export default defineConfig({
  resolve: {
    alias: [
      { find: /^lobtrader$/, replacement: source('index.ts') },
      { find: /^lobtrader\/(.*)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    typecheck: { enabled: false },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // The default leaves one core idle, which is half of a machine with two.
    maxWorkers: '100%',
    reporters: countsFile === undefined ? ['default'] : ['default', 'json'],
    ...(countsFile === undefined ? {} : { outputFile: { json: countsFile } }),
    projects: [
      {
        extends: true,
        test: {
          name: 'source',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: BUILT,
          globalSetup: ['test/build-page.ts'],
        },
      },
      {
        // These use the package as it is built; the build is brought up to date before them.
        extends: true,
        test: { name: 'built', include: BUILT, globalSetup: ['test/built/build-once.ts'] },
      },
    ],
  },
})

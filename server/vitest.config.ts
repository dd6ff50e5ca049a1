import { defineConfig } from 'vitest/config'

/** pure: no I/O, seconds · server: both databases · studio: components and state · browser: the built studio in headless Chromium. */
const pure = ['util', 'formula', 'business-hours', 'metadata', 'process'].map((room) => `server/${room}/**/*.test.ts`)

/** Starts the one PostgreSQL of the run. */
const globalSetup = ['server/test/global-setup.ts']

/** Node takes graphql's CommonJS entry, Vite would take the other one: two copies of its classes can't work together. */
const graphql = new URL('../node_modules/graphql/index.js', import.meta.url).pathname

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
  test: {
    root: new URL('..', import.meta.url).pathname,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: ['default', new URL('test/closing-line.ts', import.meta.url).pathname],
    projects: [
      'studio/vitest.config.ts',
      { extends: true, test: { name: 'pure', include: pure } },
      {
        extends: true,
        test: {
          name: 'server',
          globalSetup,
          include: ['server/**/*.test.ts'],
          exclude: [...pure, 'server/test/browser/**'],
        },
      },
      {
        extends: true,
        test: { name: 'browser', globalSetup, include: ['server/test/browser/**/*.test.ts'], fileParallelism: false },
      },
    ],
  },
})

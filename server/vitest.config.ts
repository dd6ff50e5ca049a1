import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { files } from './test/files.ts'

/** pure: no I/O, seconds · server: both databases · studio: components and state · browser: the built studio in headless Chromium. */
const pure = ['util', 'formula', 'business-hours', 'metadata', 'process'].map((room) => `server/${room}/**/*.test.ts`)

/** Node takes graphql's CommonJS entry, Vite would take the other one: two copies of its classes can't work together. */
const graphql = new URL('../node_modules/graphql/index.js', import.meta.url).pathname

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
  test: {
    root: new URL('..', import.meta.url).pathname,
    // Only what hangs is stopped: machines are slow, and busy with other things.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    ...files,
    // Workers, and the programs that tests start, take what Node has compiled once.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'milepost-compiled') },
    reporters: ['default', new URL('test/closing-line.ts', import.meta.url).pathname],
    projects: [
      'studio/vitest.config.ts',
      { extends: true, test: { name: 'pure', include: pure } },
      {
        extends: true,
        test: {
          name: 'server',
          globalSetup: ['server/test/global-setup.ts'],
          include: ['server/**/*.test.ts'],
          exclude: [...pure, 'server/test/browser/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          globalSetup: ['server/test/browser/global-setup.ts'],
          include: ['server/test/browser/**/*.test.ts'],
        },
      },
    ],
  },
})

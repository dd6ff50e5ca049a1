import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { files } from '../server/test/files.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Behaviour lives in classes and pure functions, so it is tested without a DOM; what needs a browser is tested in one. */
export default defineConfig({
  root: here('.'),
  plugins: [svelte({ configFile: here('./svelte.config.js') })],
  resolve: { alias: { $lib: here('./src/lib'), $features: here('./src/features') }, conditions: ['browser'] },
  test: { name: 'studio', include: ['src/**/*.test.ts'], ...files },
})

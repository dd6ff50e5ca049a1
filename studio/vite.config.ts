import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { compression } from 'vite-plugin-compression2'
import { routesPlugin } from './routes-plugin.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const server = process.env['MILEPOST_SERVER'] ?? 'http://localhost:4000'

/** `#formula`, `#business-hours` and `#util` come from package.json's imports: they are pure, so they run in the browser too. */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [
    svelte({ configFile: here('./svelte.config.js') }),
    routesPlugin(here('./src')),
    compression({ algorithms: ['gzip'] }),
  ],
  resolve: { alias: { $lib: here('./src/lib'), $features: here('./src/features') } },
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  server: {
    port: 4173,
    proxy: { '/graphql': { target: server, ws: true }, '/auth': server, '/healthz': server },
  },
})

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { offline } from './build/offline.js'
import { contentSecurityPolicy, headers } from './build/policy.js'

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const { 'Content-Security-Policy': _, ...isolation } = headers

export default defineConfig({
  // The site is served from any path.
  base: './',
  plugins: [contentSecurityPolicy(), offline(folder('public'))],
  worker: { format: 'es' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // While developing, the policy would forbid what Vite itself puts into the page.
  server: { headers: isolation },
  preview: { headers },
  build: {
    target: 'es2022',
    // Files stay files: the policy takes no data: addresses, and names with a hash can be kept for good.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1024,
    rolldownOptions: {
      input: { index: folder('index.html'), serviceWorker: folder('src/serviceWorker/serviceWorker.ts') },
      output: {
        entryFileNames: ({ name }) => (name === 'serviceWorker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
})

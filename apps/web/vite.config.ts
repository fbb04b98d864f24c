import { defineConfig } from 'vite'

export default defineConfig({
  // The site is served from any path.
  base: './',
  worker: { format: 'es' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // A page with a strict policy takes no data: URLs for code, and files are kept by name.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1024,
  },
})

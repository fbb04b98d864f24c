import { defineConfig } from 'vitest/config'

// One configuration for every package; each runs it with its own folder as the root.
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    reporters: ['default', ['json', { outputFile: '.vitest/report.json' }]],
    testTimeout: 60_000,
  },
})

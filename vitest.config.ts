import { defineConfig } from 'vitest/config'

// One configuration for every package; each runs it with its own folder as the root.
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // The report is what `pnpm test` counts (tooling/workspace/test.mjs).
    reporters: ['default', ['json', { outputFile: process.env.RESNET_TS_REPORT ?? '.vitest/report.json' }]],
    testTimeout: 60_000,
    // Chromium starts slowly on a machine that is busy.
    hookTimeout: 60_000,
  },
})

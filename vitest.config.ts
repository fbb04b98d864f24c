import { defineConfig } from 'vitest/config'

// One configuration for every package; each runs it with its own folder as the root. Packages with many files of quick tests run
// them all in one process (`--no-isolate`), where each would import the same modules again. The longest suites, of conformance and the command, have two.
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

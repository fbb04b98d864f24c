import { defineConfig } from 'vitest/config'

// Tests of packed packages, which take too long for `pnpm test`: `pnpm test:release`, `pnpm consumers`.
export default defineConfig({
  test: {
    include: ['*.release.ts'],
    reporters: ['verbose', ['json', { outputFile: process.env.RESNET_TS_REPORT ?? '.vitest/release.json' }]],
  },
})

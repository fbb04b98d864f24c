#!/usr/bin/env node
import { existsSync } from 'node:fs'

if (existsSync(new URL('../dist/main.js', import.meta.url))) {
  const { main } = await import('../dist/main.js')
  await main(process.argv)
} else {
  console.error('error: the resnet command is not built yet; run `pnpm build` at the root of the workspace first.')
  process.exitCode = 1
}

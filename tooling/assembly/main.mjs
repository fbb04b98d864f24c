#!/usr/bin/env node
import { assemble } from './assemble.mjs'

await assemble(process.cwd(), process.argv.slice(2))

/**
 * Compiles the kernels of assembly/ to WebAssembly, four binaries from one source, and writes each as a module that
 * holds it as text, so that nothing has to be hosted or found at run time.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const here = fileURLToPath(new URL('..', import.meta.url))

const simd = ['--enable', 'simd']
const relaxed = [...simd, '--enable', 'relaxed-simd']
const shared = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536']

/** The features of each binary. */
const binaries = {
  simd: [...simd, '--disable', 'threads'],
  relaxed: [...relaxed, '--disable', 'threads'],
  simdShared: [...simd, ...shared],
  relaxedShared: [...relaxed, ...shared],
}

/** Below lie the words that threads share; see src/engine/memory.ts. */
const memoryBase = '1024'

await mkdir(`${here}src/generated`, { recursive: true })
await mkdir(`${here}dist`, { recursive: true })
for (const [name, features] of Object.entries(binaries)) {
  const binary = await compile(features)
  await writeFile(`${here}src/generated/${name}.ts`, moduleOf(binary))
  // For those who compile it themselves.
  await writeFile(`${here}dist/${name}.wasm`, binary)
}

/** @param {readonly string[]} features */
async function compile(features) {
  let binary = new Uint8Array()
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--initialMemory', '1']
  const quiet = ['--disableWarning', '112', '--memoryBase', memoryBase, '--outFile', 'engine.wasm']
  const { error, stderr } = await asc.main(['assembly/index.ts', ...options, ...quiet, ...features], {
    writeFile: (file, contents) => {
      if (file === 'engine.wasm') binary = contents
    },
  })
  if (error || binary.length === 0) throw new Error(`assembly/index.ts does not compile:\n${stderr}`, { cause: error })
  return binary
}

/** @param {Uint8Array} binary */
function moduleOf(binary) {
  const text = Buffer.from(binary).toString('base64')
  return `// Compiled from assembly/ by scripts/assemble.mjs.\nexport default '${text}'\n`
}

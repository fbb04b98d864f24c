import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const simd = ['--enable', 'simd']
const relaxed = [...simd, '--enable', 'relaxed-simd']
const alone = ['--disable', 'threads']
const shared = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536']

/**
 * The binaries that one source can make: an engine refuses a whole module for one instruction that it does not know.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const binaries = {
  simd: [...simd, ...alone],
  relaxed: [...relaxed, ...alone],
  simdShared: [...simd, ...shared],
  relaxedShared: [...relaxed, ...shared],
}

/** Below lies memory that the caller lays out himself: the words that threads share. */
const memoryBase = '1024'

/**
 * Compiles `assembly/index.ts` of a package to WebAssembly, and writes each binary as a module that holds it as text,
 * `src/generated/NAME.ts`, so that nothing has to be hosted or found at run time. Memory is imported; there is no
 * managed runtime.
 *
 * @param {string} folder - of the package
 * @param {readonly string[]} names - of the binaries: `simd`, `relaxed`, `simdShared`, `relaxedShared`
 * @throws {Error} when a name is another, or the source does not compile; nothing is written of that binary
 */
export async function assemble(folder, names) {
  const wrong = names.find((name) => !(name in binaries))
  if (names.length === 0 || wrong !== undefined) {
    throw new Error(`assemble: expected names among ${Object.keys(binaries).join(', ')}, found ${wrong ?? 'none'}.`)
  }
  await mkdir(join(folder, 'src/generated'), { recursive: true })
  for (const name of names) {
    const binary = await compile(folder, binaries[name] ?? [])
    await writeFile(join(folder, `src/generated/${name}.ts`), moduleOf(binary))
  }
}

/**
 * @param {string} folder
 * @param {readonly string[]} features
 */
async function compile(folder, features) {
  let binary = new Uint8Array()
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--initialMemory', '1']
  const place = ['--baseDir', folder, '--memoryBase', memoryBase, '--outFile', 'out.wasm']
  // Warning 112: features that this compiler counts as not settled.
  const quiet = ['--disableWarning', '112']
  const { error, stderr } = await asc.main(['assembly/index.ts', ...options, ...place, ...quiet, ...features], {
    writeFile: (file, contents) => {
      if (file === 'out.wasm' && typeof contents !== 'string') binary = new Uint8Array(contents)
    },
  })
  if (error || binary.length === 0) throw new Error(`assembly/index.ts does not compile:\n${stderr}`, { cause: error })
  return binary
}

/** @param {Uint8Array} binary */
function moduleOf(binary) {
  const text = Buffer.from(binary).toString('base64')
  return `// Compiled from assembly/ by tooling/assembly.\nexport default '${text}'\n`
}

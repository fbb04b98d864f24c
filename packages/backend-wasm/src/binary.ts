import { BackendError } from '@resnet-ts/graph'

/** The binaries there are, built from one source: with plain or relaxed SIMD, each without and with shared memory. */
export type BinaryName = 'simd' | 'relaxed' | 'simdShared' | 'relaxedShared'

/** Where a caller's own compiled binaries come from: of the package's file `<name>.wasm`. */
export type BinarySource = (name: BinaryName) => WebAssembly.Module | Promise<WebAssembly.Module>

export function binaryNameOf({
  relaxedSimd,
  sharedMemory,
}: {
  relaxedSimd: boolean
  sharedMemory: boolean
}): BinaryName {
  const name = relaxedSimd ? 'relaxed' : 'simd'
  return sharedMemory ? `${name}Shared` : name
}

/** Compiled binaries, each made once. */
export class Binaries {
  readonly #source: BinarySource
  readonly #compiled = new Map<BinaryName, Promise<WebAssembly.Module>>()

  constructor(source: BinarySource = compileText) {
    this.#source = source
  }

  /** @throws {BackendError} when it cannot be compiled, or the caller's source has none */
  get(name: BinaryName): Promise<WebAssembly.Module> {
    const known = this.#compiled.get(name)
    if (known) return known
    const compiled = this.#make(name)
    this.#compiled.set(name, compiled)
    // Another time it may be there.
    compiled.catch(() => this.#compiled.delete(name))
    return compiled
  }

  async #make(name: BinaryName): Promise<WebAssembly.Module> {
    const subject = `the wasm engine's binary '${name}'`
    let module: unknown
    try {
      module = await this.#source(name)
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause)
      throw new BackendError({ subject, expected: 'to be compiled', found, cause })
    }
    // Not `instanceof`: a module of another window or realm is as good.
    const type = Object.prototype.toString.call(module).slice('[object '.length, -1)
    if (type === 'WebAssembly.Module') return module as WebAssembly.Module
    throw new BackendError({
      subject,
      expected: "a WebAssembly.Module from the option 'binary'",
      found: type,
      advice: `compile the package's file ${name}.wasm`,
    })
  }
}

/** Each is text in a module of its own, so that a page loads only the one that it runs. */
async function compileText(name: BinaryName): Promise<WebAssembly.Module> {
  const characters = atob((await importText(name)).default)
  // By index: to iterate over text takes ten times as long.
  return WebAssembly.compile(Uint8Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index)))
}

function importText(name: BinaryName): Promise<{ readonly default: string }> {
  switch (name) {
    case 'simd':
      return import('./generated/simd.js')
    case 'relaxed':
      return import('./generated/relaxed.js')
    case 'simdShared':
      return import('./generated/simdShared.js')
    case 'relaxedShared':
      return import('./generated/relaxedShared.js')
    default:
      throw name satisfies never
  }
}

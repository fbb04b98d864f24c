/** Which of the four binaries. */
export interface BinaryKind {
  readonly relaxedSimd: boolean
  readonly sharedMemory: boolean
}

/** Compiles the binary of a kind. It is text in a module of its own, so that a page loads only the one that it runs. */
export async function compileBinary({ relaxedSimd, sharedMemory }: BinaryKind): Promise<WebAssembly.Module> {
  const { default: text } = await (relaxedSimd
    ? sharedMemory
      ? import('./generated/relaxedShared.js')
      : import('./generated/relaxed.js')
    : sharedMemory
      ? import('./generated/simdShared.js')
      : import('./generated/simd.js'))
  return WebAssembly.compile(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
}

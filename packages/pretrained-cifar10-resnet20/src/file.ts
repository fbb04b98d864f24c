interface Files {
  readFile(url: URL): Promise<Uint8Array<ArrayBuffer>>
}

interface MaybeNode {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown }
}

/**
 * A file of this package, read as it is, which takes Node less than to load it as code.
 *
 * @param path - from this module, in the package
 * @returns undefined outside of Node, and where there is no file of that length: in a bundle
 */
export async function readInstalled(path: string, length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const files = (globalThis as MaybeNode).process?.getBuiltinModule?.('node:fs/promises') as Files | undefined
  try {
    const bytes = await files?.readFile(new URL(path, import.meta.url))
    // A buffer of Node's shows more of itself than bytes; the memory is its own.
    return bytes?.length === length ? new Uint8Array(bytes.buffer, bytes.byteOffset, length) : undefined
  } catch {
    return undefined
  }
}

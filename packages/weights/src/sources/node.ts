/** What reading a file takes of Node's `fs/promises`. */
export interface NodeFiles {
  stat(path: string | URL): Promise<{ isFile(): boolean; isDirectory(): boolean }>
  readFile(path: string | URL, options: { readonly signal?: AbortSignal | undefined }): Promise<Uint8Array>
}

interface MaybeNode {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown }
}

/**
 * Node's file system, or nothing in a page. Asked of the running process rather than imported, so that a bundler for
 * the web meets no `node:` module to resolve, replace or complain about.
 */
export function nodeFiles(): NodeFiles | undefined {
  return (globalThis as MaybeNode).process?.getBuiltinModule?.('node:fs/promises') as NodeFiles | undefined
}

/** What the cache takes of Node, asked of the running process rather than imported, for the sake of bundlers. */
export interface Node {
  readonly fs: FileSystem
  readonly path: {
    join(...parts: string[]): string
    dirname(path: string): string
    relative(a: string, b: string): string
  }
  readonly os: { homedir(): string; hostname(): string }
  readonly crypto: { createHash(name: 'sha1' | 'sha256'): Hash; randomUUID(): string }
  readonly process: { readonly pid: number; kill(pid: number, signal: 0): unknown }
}

/** An incremental digest. */
export interface Hash {
  update(bytes: Uint8Array | string): Hash
  digest(encoding: 'hex'): string
}

export interface FileHandle {
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesWritten: number }>
  read(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>
  truncate(length: number): Promise<void>
  stat(): Promise<Status>
  datasync(): Promise<void>
  close(): Promise<void>
}

interface Status {
  readonly size: number
  readonly mtimeMs: number
  isFile(): boolean
  isDirectory(): boolean
}

interface FileSystem {
  readonly constants: { readonly O_RDWR: number; readonly O_CREAT: number }
  open(path: string, flags: string | number): Promise<FileHandle>
  stat(path: string): Promise<Status>
  lstat(path: string): Promise<Status>
  mkdir(path: string, options: { readonly recursive: true }): Promise<unknown>
  readdir(path: string): Promise<string[]>
  readFile(path: string, encoding: 'utf8'): Promise<string>
  writeFile(path: string, text: string, options?: { readonly flag: string }): Promise<void>
  rename(from: string, to: string): Promise<void>
  rm(path: string, options: { readonly force: boolean; readonly recursive?: boolean }): Promise<void>
  symlink(target: string, path: string): Promise<void>
  copyFile(from: string, to: string): Promise<void>
  realpath(path: string): Promise<string>
  utimes(path: string, accessed: Date, modified: Date): Promise<void>
}

interface MaybeNode {
  readonly process?: Node['process'] & { readonly getBuiltinModule?: (name: string) => unknown }
}

/** Nothing in a page. */
export function nodeOf(): Node | undefined {
  const { process } = globalThis as MaybeNode
  const get = process?.getBuiltinModule
  const fs = get?.('node:fs/promises') as FileSystem | undefined
  if (!process || !get || !fs) return undefined
  return {
    fs,
    path: get('node:path') as Node['path'],
    os: get('node:os') as Node['os'],
    crypto: get('node:crypto') as Node['crypto'],
    process,
  }
}

/** Of an error of Node: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

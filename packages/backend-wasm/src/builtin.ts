/** The modules of Node's that are used here, by their names. */
interface Builtins {
  readonly 'node:os': typeof import('node:os')
  readonly 'node:worker_threads': typeof import('node:worker_threads')
}

interface MaybeNode {
  readonly process?: {
    readonly getBuiltinModule?: <Name extends keyof Builtins>(name: Name) => Builtins[Name] | undefined
  }
}

/** One of Node's own modules, asked of the running process, so that a bundler for the web meets none; elsewhere undefined. */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  return (globalThis as MaybeNode).process?.getBuiltinModule?.(name)
}

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'

/** What a run of the command came to. */
export interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The executable, which runs what is built. */
export const executable = fileURLToPath(new URL('../../bin/resnet.js', import.meta.url))

/** The three photographs at the root of the repository. */
export function example(name: 'chelsea.png' | 'coffee.png' | 'rocket.jpg'): string {
  return fileURLToPath(new URL(`../../../../examples/${name}`, import.meta.url))
}

/** Runs the built command in a process of its own, with its output in pipes, and without the network. */
export function resnet(...args: readonly string[]): Promise<Run> {
  return resnetIn({}, ...args)
}

/**
 * The same with other variables of the environment.
 *
 * @param variables - added to this process's own
 */
export function resnetIn(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> {
  const options = { maxBuffer: 2 ** 26, env: { ...process.env, HF_HUB_OFFLINE: '1', ...variables } }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [executable, ...args], options, (error, stdout, stderr) => {
      const code = error ? error.code : 0
      if (typeof code === 'number') resolve({ code, stdout, stderr })
      else reject(error)
    })
  })
}

/**
 * Variables of the environment with which Node does not find a package, as if it were not installed.
 *
 * @param folder - where a file for it may be put
 */
export async function withoutPackage(name: string, folder: string): Promise<Readonly<Record<string, string>>> {
  // As Node would, were it not there.
  const hooks = `export async function resolve(specifier, context, next) {
    if (specifier !== '${name}') return next(specifier, context)
    throw Object.assign(new Error('not there'), { code: 'ERR_MODULE_NOT_FOUND' })
  }`
  const address = `data:text/javascript,${encodeURIComponent(hooks)}`
  const code = `import { register } from 'node:module'\nregister(${JSON.stringify(address)})`
  return imported(folder, code)
}

/** Variables of the environment with which Node runs a module before anything else. */
export async function imported(folder: string, code: string): Promise<Readonly<Record<string, string>>> {
  const module = join(folder, 'first.mjs')
  await writeFile(module, code)
  return { NODE_OPTIONS: `--import ${pathToFileURL(module).href}` }
}

/** Makes new folders for files of tests, which are removed after the last of them. To be called outside of tests. */
export function temporaryFolders(): () => Promise<string> {
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'resnet-cli-'))
    folders.push(folder)
    return folder
  }
}

/** The lines of an output that are errors. */
export function errorsIn(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line.startsWith('error: '))
}

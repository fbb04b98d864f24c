import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The folder of CIFAR-10 archives, which are not part of this repository: the one that the environment variable
 * `RESNET_TS_DATA` names, else `data` in the folder beside the clone, else undefined.
 *
 * @throws {Error} when `RESNET_TS_DATA` names a folder that is not there
 */
export function dataFolder(): string | undefined {
  const named = process.env.RESNET_TS_DATA
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`RESNET_TS_DATA is ${named}, where there is nothing`)
    return named
  }
  return beside('data')
}

/** The folder called `shared` beside the clone (it may hold published checkpoints), undefined when there is none. */
export function sharedFolder(): string | undefined {
  return beside('')
}

function beside(folder: string): string | undefined {
  // From tooling/golden/dist (or src) to the repository's root, and out of it.
  const path = fileURLToPath(new URL(`../../../../shared/${folder}`, import.meta.url))
  return existsSync(path) ? path : undefined
}

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { commitOf, type HubServer, serveHub } from '@resnet-ts/testing/hub'
import { writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, initialise } from '@resnet-ts/zoo'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { temporaryFolders } from './run.js'

/** A hub for runs of the command. */
export interface TestHub {
  readonly server: HubServer
  /** Of the test at hand. */
  readonly folder: string
  /** What tells the command of the hub, and of caches of the test at hand. */
  readonly variables: Readonly<Record<string, string>>
}

export const commit = commitOf('a')
/** A checkpoint of cifar_resnet20, of 1.1 MB. */
export const weights = Buffer.from(writeSafetensors(initialise(cifar_resnet20())))
const labels = Array.from({ length: 10 }, (_, index) => `class ${index}`)
const config = {
  architecture: 'cifar_resnet20',
  num_classes: 10,
  label_names: labels,
  pretrained_cfg: { input_size: [3, 32, 32] },
}

/** A hub that has `some/one`, a network for CIFAR, and empty caches for each test. To be called outside of tests. */
export function useHub(): TestHub {
  const temporaryFolder = temporaryFolders()
  let server: HubServer
  let folder: string
  beforeAll(async () => {
    server = await serveHub({})
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    folder = await temporaryFolder()
    await mkdir(join(folder, 'torch/hub/checkpoints'), { recursive: true })
    const files = { 'model.safetensors': weights, 'config.json': Buffer.from(JSON.stringify(config)) }
    server.repositories['some/one'] = { commit, files }
    server.faults.length = 0
    server.seen.length = 0
  })
  return {
    get server() {
      return server
    },
    get folder() {
      return folder
    },
    get variables() {
      return {
        HF_ENDPOINT: server.endpoint,
        HF_HUB_CACHE: join(folder, 'hub'),
        HF_HUB_OFFLINE: '',
        HF_TOKEN: '',
        TORCH_HOME: join(folder, 'torch'),
      }
    },
  }
}

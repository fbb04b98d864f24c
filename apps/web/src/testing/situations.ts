import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSafetensors } from '@resnet-ts/weights'
import { cifar_resnet20, initialise } from '@resnet-ts/zoo'
import type { Situation } from '../code/situation.js'

export const flowers = ['daisy', 'rose', 'tulip']

/** What can be on screen, of every kind: each source of a model, each backend, with and without what may be there. */
export const situations: Readonly<Record<string, Omit<Situation, 'platform'>>> = {
  embedded: {
    model: { architecture: 'cifar_resnet20', source: { kind: 'embedded' }, computing: undefined },
    photo: 'chelsea.png',
    explained: undefined,
    drawn: { model: 'cifar_resnet20', beside: undefined, block: undefined },
    inside: undefined,
    measured: undefined,
  },
  chosen: {
    model: {
      architecture: 'cifar_resnet20',
      source: { kind: 'embedded' },
      computing: { backend: 'wasm', threads: 1 },
    },
    photo: 'chelsea.png',
    explained: 5,
    drawn: { model: 'resnet18', beside: 'cifar_resnet32', block: 'layer1.1' },
    inside: 'layer2.0',
    measured: 'cifar_resnet32',
  },
  carded: {
    model: {
      architecture: 'cifar_resnet20',
      source: { kind: 'file', file: 'flowers.safetensors', card: true, labels: 'flowers.txt', options: {} },
      computing: { backend: 'tfjs', threads: 1 },
    },
    photo: 'chelsea.png',
    explained: 2,
    drawn: { model: 'cifar_resnet20', beside: 'cifar_resnet20', block: 'layer3.0' },
    inside: 'layer3.2',
    measured: undefined,
  },
  uncarded: {
    model: {
      architecture: 'cifar_resnet20',
      source: {
        kind: 'file',
        file: 'flowers.safetensors',
        card: false,
        labels: 'flowers.json',
        options: { numClasses: 3 },
      },
      computing: undefined,
    },
    photo: 'chelsea.png',
    explained: 0,
    drawn: { model: 'cifar_resnet20', beside: undefined, block: undefined },
    inside: 'layer1.0',
    measured: undefined,
  },
}

/** The files that the situations are about, but for the photo. */
export async function writeFilesOf(folder: string): Promise<void> {
  const weights = initialise(cifar_resnet20({ numClasses: 3 }), { seed: 3 })
  const card = { architecture: 'cifar_resnet20', num_classes: 3 }
  await writeFile(join(folder, 'flowers.safetensors'), writeSafetensors(weights))
  await writeFile(join(folder, 'config.json'), JSON.stringify(card))
  await writeFile(join(folder, 'flowers.txt'), `${flowers.join('\n')}\n`)
  await writeFile(join(folder, 'flowers.json'), JSON.stringify(flowers))
}

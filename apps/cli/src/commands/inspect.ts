import { sizeOf } from '@resnet-ts/graph'
import { type Checkpoint, storedBytes } from '@resnet-ts/weights'
import type { Recognised } from '@resnet-ts/zoo'
import type { Context } from '../context.js'
import { identify } from '../identify.js'
import { readWeights } from '../loadModel.js'
import { table } from '../output/table.js'
import { printable } from '../output/text.js'
import { byteSize, compact, exact } from '../output/units.js'

export interface InspectArguments {
  readonly json?: boolean
}

/** `resnet inspect <file>` */
export async function inspect(file: string, { json }: InspectArguments, context: Context): Promise<void> {
  const checkpoint = (await readWeights({ weights: file }, context))!
  const { source, recognised } = identify(checkpoint)
  const tensors = [...checkpoint.tensors].map(([name, tensor]) => ({
    name,
    dtype: tensor.dtype,
    shape: tensor.shape,
    elements: sizeOf(tensor.shape),
    bytes: storedBytes(tensor) ?? null,
  }))
  const elements = sum(tensors.map((tensor) => tensor.elements))
  const bytes = sum(tensors.map((tensor) => tensor.bytes ?? 0))
  if (json) {
    const { format, part, parts, metadata } = checkpoint
    const document = {
      file,
      format,
      part,
      parts,
      names: source ?? null,
      model: recognised ?? null,
      total: { tensors: tensors.length, elements, bytes },
      metadata,
      tensors,
    }
    context.print(JSON.stringify(document, undefined, 2))
    return
  }
  const rows = tensors.map(({ name, dtype, shape, elements, bytes }) => [
    printable(name),
    dtype,
    shape.join(' × '),
    exact(elements),
    bytes === null ? '–' : exact(bytes),
  ])
  const alignments = ['left', 'left', 'right', 'right', 'right'] as const
  const [heading, ...lines] = table([['tensor', 'type', 'shape', 'elements', 'bytes'], ...rows], alignments)
  const about = table(
    [
      ['format', checkpoint.format],
      ...partsOf(checkpoint),
      ['names', source ?? 'unknown'],
      ['model', recognised ? describe(recognised) : 'none of those that `resnet models` lists'],
      ['tensors', exact(tensors.length)],
      ['elements', `${exact(elements)} (${compact(elements)})`],
      ['bytes', `${exact(bytes)} (${byteSize(bytes)})`],
      ...Object.entries(checkpoint.metadata).map(([key, value]) => [printable(key), shortened(printable(value))]),
    ],
    ['left', 'left'],
  )
  context.print([...about, '', context.colours.bold(heading), ...lines].join('\n'))
}

/** Which of a PyTorch file's dictionaries was taken, where it has several or a nested one. */
function partsOf({ part, parts = [] }: Checkpoint): readonly (readonly string[])[] {
  if (!part) return []
  const others = parts.filter((other) => other !== part && other !== '')
  return [['part', printable(others.length > 0 ? `${part} (beside ${others.join(', ')})` : part)]]
}

/** `cifar_resnet20 (numClasses 10, shortcut A), norms folded; or any of …` */
function describe({ name, options, folded, alternatives }: Recognised): string {
  const built = Object.entries(options).map(([option, value]) => `${option} ${value}`)
  const others = alternatives.length > 0 ? `; its tensors fit ${alternatives.join(', ')} as well` : ''
  return `${name} (${built.join(', ')})${folded ? ', norms folded into convolutions' : ''}${others}`
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

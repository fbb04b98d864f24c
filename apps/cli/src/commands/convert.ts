import { realpath } from 'node:fs/promises'
import { extname } from 'node:path'
import { OptionError } from '@resnet-ts/graph'
import { exportOnnx } from '@resnet-ts/onnx'
import { bind, type Checkpoint, writeNpz, writeSafetensors } from '@resnet-ts/weights'
import type { Context } from '../context.js'
import { loadModel, readWeights } from '../loadModel.js'
import type { ConvertDType } from '../options.js'
import { exact } from '../output/units.js'
import { checkWritable, writeWhole } from '../writeWhole.js'

export interface ConvertArguments {
  readonly dtype?: ConvertDType
  readonly model?: string
  readonly config?: string
}

/** What each kind of file can store. */
const dtypesOf: Readonly<Record<string, readonly ConvertDType[]>> = {
  '.safetensors': ['F32', 'F16', 'BF16'],
  '.npz': ['F32'],
  '.onnx': ['F32', 'F16'],
}

/** `resnet convert <in> <out>` */
export async function convert(from: string, to: string, options: ConvertArguments, context: Context): Promise<void> {
  const { signal } = context
  const kind = extname(to).toLowerCase()
  requireDType(kind, options.dtype)
  await requireAnother(from, to)
  await checkWritable(to)
  const checkpoint = (await readWeights({ weights: from }, context))!
  const bytes = await bytesOf(checkpoint, kind, { ...options, weights: from }, context)
  await writeWhole(to, bytes, { signal })
  context.note(`wrote ${to}: ${exact(bytes.length)} bytes`)
}

async function bytesOf(
  checkpoint: Checkpoint,
  kind: string,
  options: ConvertArguments & { readonly weights: string },
  context: Context,
): Promise<Uint8Array> {
  if (kind === '.npz') return writeNpz(checkpoint.tensors)
  if (kind === '.safetensors') {
    return writeSafetensors(checkpoint.tensors, { dtype: options.dtype, metadata: checkpoint.metadata })
  }
  // Loaded, since the card may build it with other options and has its labels. The lightest backend will do.
  const { model } = await loadModel({ ...options, backend: 'reference' }, context, checkpoint)
  try {
    const { graph, labels, preprocess } = model
    const { params } = bind(graph, checkpoint)
    const dtype = options.dtype === 'F16' ? 'float16' : 'float32'
    return exportOnnx({ graph, params }, { dtype, labels, preprocess })
  } finally {
    await model.dispose()
  }
}

function requireDType(kind: string, dtype: ConvertDType = 'F32'): void {
  const dtypes = dtypesOf[kind]!
  if (dtypes.includes(dtype)) return
  throw new OptionError({ subject: '--dtype', expected: `${dtypes.join(' or ')} for ${kind}`, found: dtype })
}

async function requireAnother(from: string, to: string): Promise<void> {
  const place = (path: string) => realpath(path).catch(() => undefined)
  const target = await place(to)
  if (target === undefined || target !== (await place(from))) return
  throw new OptionError({ subject: `file '${to}'`, expected: 'another file than the one that is read', found: 'it' })
}

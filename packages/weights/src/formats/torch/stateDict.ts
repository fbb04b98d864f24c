import type { Checkpoint, CheckpointTensor } from '../../checkpoint.js'
import { CheckpointError } from '../../errors.js'
import { firstOf, quote } from '../../text.js'
import { describe } from '../pickle/names.js'
import { PickledArray, PickledTensor } from '../pickle/values.js'
import { type StorageBytes, tensorOf, tensorOfArray } from './tensors.js'

/** What training scripts call the model's own dictionary, the likeliest first. */
const wrappers = ['state_dict', 'model_state_dict', 'model_state', 'model', 'net', 'network', 'module', 'weights']
/** What holds a running average of the weights. */
const average = /(^|[._])(ema|averaged?|swa|shadow)([._]|$)|_ema$|^ema/i
/** What holds tensors, but not a model's. */
const others = /optim|sched|scaler|loss|metric|hyper|rng|random/i
/** Dictionaries are looked for this deep, and so many of them. */
const deepest = 3
const mostParts = 1000

type Part = ReadonlyMap<string, PickledTensor | PickledArray>

export interface StateDictOptions {
  readonly format: string
  /** The dictionary to take. @defaultValue the model's own, not a running average */
  readonly part?: string | undefined
}

/**
 * The tensors of what a PyTorch file holds: of the outermost dictionary, or of one inside, as training scripts wrap
 * them. Chosen is the one that is asked for; else the one under the usual names, or the one of the most tensors, not
 * counting running averages (EMA), which are taken only where there is nothing else. All are listed as `parts`.
 *
 * @throws {CheckpointError} when there is no such dictionary, or a tensor in it is malformed
 */
export function checkpointOf(
  value: unknown,
  storageOf: (key: string, tensor: PickledTensor) => StorageBytes,
  { format, part }: StateDictOptions,
): Checkpoint {
  const parts = new Map<string, Part>()
  if (value instanceof Map) collect(value, [], parts)
  const chosen = part ?? likeliest(parts)
  const content = chosen === undefined ? undefined : parts.get(chosen)
  if (chosen === undefined || !content) throw refusal(value, parts, part)
  const tensors = new Map<string, CheckpointTensor>()
  for (const [name, tensor] of content) {
    tensors.set(
      name,
      tensor instanceof PickledTensor
        ? tensorOf(name, tensor, storageOf(tensor.storage.key, tensor))
        : tensorOfArray(name, tensor),
    )
  }
  return { format, metadata: {}, tensors, part: chosen, parts: [...parts.keys()] }
}

/** Finds all dictionaries of tensors, by path. Numbers as keys are an optimizer's. */
function collect(dictionary: ReadonlyMap<unknown, unknown>, path: readonly string[], parts: Map<string, Part>): void {
  const tensors = new Map<string, PickledTensor | PickledArray>()
  const inner: [string, ReadonlyMap<unknown, unknown>][] = []
  for (const [key, value] of dictionary) {
    if (typeof key !== 'string') continue
    if (value instanceof PickledTensor || value instanceof PickledArray) tensors.set(key, value)
    else if (value instanceof Map && !others.test(key)) inner.push([key, value])
  }
  if (tensors.size > 0 && parts.size < mostParts) parts.set(path.join('.'), tensors)
  if (path.length === deepest || parts.size === mostParts) return
  for (const [key, value] of inner.slice(0, mostParts)) collect(value, [...path, key], parts)
}

function likeliest(parts: ReadonlyMap<string, Part>): string | undefined {
  const ranked = [...parts].map(([path, tensors]) => ({
    path,
    average: average.test(path),
    // A lone tensor beside a dictionary is a number that was kept, such as the best accuracy.
    place: tensors.size > 1 ? wrapperPlace(path) : wrappers.length + 1,
    size: tensors.size,
  }))
  ranked.sort((a, b) => Number(a.average) - Number(b.average) || a.place - b.place || b.size - a.size)
  return ranked[0]?.path
}

function wrapperPlace(path: string): number {
  const place = wrappers.indexOf(path.split('.').at(-1)!)
  return place < 0 ? wrappers.length : place
}

function refusal(value: unknown, parts: ReadonlyMap<string, Part>, part: string | undefined): CheckpointError {
  const subject = 'PyTorch file'
  if (part !== undefined && parts.size > 0) {
    const found = firstOf([...parts.keys()].map(quote))
    return new CheckpointError({ subject, expected: `tensors under ${quote(part)}`, found: `those under ${found}` })
  }
  const keys = value instanceof Map ? [...value.keys()].filter((key) => typeof key === 'string').map(quote) : []
  return new CheckpointError({
    subject,
    expected: 'a state_dict: a dictionary of tensors',
    found: keys.length > 0 ? `a dictionary of ${firstOf(keys)}` : describe(value),
    advice: 're-save it with torch.save(model.state_dict(), …)',
  })
}

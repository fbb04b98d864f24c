import { reference } from '@resnet-ts/backend-reference'
import { compareValues, describeWorst, type Tolerance } from '@resnet-ts/golden'
import type { Backend, Params, Shape, Tensor } from '@resnet-ts/graph'
import { type ConformanceCase, type PlainNetwork, paramsOf, type Tensors } from './case.js'

/** Compiles a network, runs it once, and disposes of it. */
export async function runOnce(
  backend: Backend,
  { graph, params }: { readonly graph: PlainNetwork['graph']; readonly params: Params },
  inputs: Tensors,
): Promise<Tensors> {
  const session = await backend.compile(graph, params)
  try {
    return await session.run(inputs)
  } finally {
    await session.dispose()
  }
}

/** What a case's outputs should be. */
export async function expectedOf({ expected, origin, ...network }: ConformanceCase): Promise<Tensors> {
  if (expected !== 'reference') return expected
  const { graph } = origin ?? network
  return runOnce(reference(), { graph, params: paramsOf(origin ?? network) }, network.inputs)
}

/** Runs a case on a backend, and says in words what is wrong; nothing when all is well. */
export async function checkCase(backend: Backend, testCase: ConformanceCase): Promise<string[]> {
  const { graph, inputs, tolerance } = testCase
  const actual = await runOnce(backend, { graph, params: paramsOf(testCase) }, inputs)
  return compareTensors(actual, await expectedOf(testCase), tolerance)
}

/** What differs between outputs: their names, their types, their shapes, their values by more than is allowed. */
export function compareTensors(actual: Tensors, expected: Tensors, tolerance: Tolerance): string[] {
  const names = (tensors: Tensors) => Object.keys(tensors).sort().join(', ')
  if (names(actual) !== names(expected)) return [`outputs ${names(actual)} instead of ${names(expected)}`]
  return Object.entries(actual).flatMap(([name, tensor]) =>
    compareTensor(tensor, expected[name], tolerance).map((fault) => `output '${name}': ${fault}`),
  )
}

function compareTensor(actual: Tensor, expected: Tensor, tolerance: Tolerance): string[] {
  if (actual.dtype !== expected.dtype) return [`${actual.dtype} instead of ${expected.dtype}`]
  if (!(actual.data instanceof Float32Array)) return ['its data is no Float32Array']
  if (actual.shape.join() !== expected.shape.join()) {
    return [`shape [${actual.shape.join(', ')}] instead of [${expected.shape.join(', ')}]`]
  }
  if (actual.data.length !== expected.data.length) {
    return [`${actual.data.length} elements instead of ${expected.data.length}`]
  }
  const comparison = compareValues(actual.data, expected.data, tolerance)
  if (comparison.within) return []
  return [`${describeWorst(comparison)}; that is at [${indices(comparison.index, expected.shape).join(', ')}]`]
}

/** Where an element is on each axis. */
function indices(index: number, shape: Shape): number[] {
  let rest = index
  const reversed = shape.toReversed().map((size) => {
    const at = rest % size
    rest = Math.floor(rest / size)
    return at
  })
  return reversed.reverse()
}

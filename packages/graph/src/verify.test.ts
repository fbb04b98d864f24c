import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cost } from './cost.js'
import { GraphError, ResnetError } from './errors.js'
import type { Graph } from './graph.js'
import { checkParams, parameters } from './params.js'
import { optimise } from './passes/index.js'
import { print } from './print.js'
import { inferShapes } from './shapes.js'
import { summarise } from './summary.js'
import { refusal } from './testing/errors.js'
import { everyOp, graphOf, paramsOf } from './testing/networks.js'
import { verify } from './verify.js'

const small = () =>
  graphOf(3, (g, x) => g.scope('block', 'block', () => g.relu(g.conv2d(x, { name: 'conv', channels: 4, kernel: 1 }))))

/** The small graph with something else in one place, or nothing there at all. */
function damaged(place: string, value: unknown): Graph {
  const graph = structuredClone(small())
  put(graph, place.split('.'), value)
  return graph
}

test('whole graphs are accepted', () => {
  expect(() => verify(small())).not.toThrow()
  expect(() => verify(everyOp())).not.toThrow()
  expect(() => verify({ ...small(), checkpointOrder: ['block.relu', 'image'] })).not.toThrow()
})

describe('the verifier finds', () => {
  const conv = "node 'block.conv' (conv2d)"
  const graph = "graph 'part'"
  const float32 = 'float32 [n, h, w, 4]'

  test.each<[string, place: string, value: unknown, subject: string, expected: string, found: string]>([
    ['no name', 'name', undefined, 'graph undefined', 'a name', 'undefined'],
    ['no nodes', 'nodes', undefined, graph, 'a list of nodes', 'undefined'],
    ['nodes that are no list', 'nodes', {}, graph, 'a list of nodes', 'an object'],
    ['a node that is none', 'nodes.1', null, graph, 'nodes that have names', 'null'],
    ['a node that is a list', 'nodes.1', [], graph, 'nodes that have names', '[]'],
    ['a node that is missing', 'nodes.1', undefined, graph, 'nodes that have names', 'undefined'],
    ['a node without a name', 'nodes.1.name', undefined, graph, 'nodes that have names', 'undefined'],
    ['a node with an empty name', 'nodes.1.name', '', graph, 'nodes that have names', "''"],
    ['no op', 'nodes.1.op', undefined, "node 'block.conv' (undefined)", 'the name of an op', 'undefined'],
    ['no inputs', 'nodes.1.inputs', undefined, conv, 'a list of inputs', 'undefined'],
    ['inputs that are no names', 'nodes.1.inputs', [3], conv, 'a list of inputs', '[3]'],
    ['inputs with holes', 'nodes.1.inputs', new Array(1), conv, 'a list of inputs', '[undefined]'],
    ['no attributes', 'nodes.1.attributes', undefined, conv, 'its attributes', 'undefined'],
    ['no type', 'nodes.1.type', undefined, conv, 'the type of its value', 'undefined'],
    ['no outputs', 'outputs', undefined, graph, 'outputs by name', 'undefined'],
    ['outputs that are a list', 'outputs', ['image'], graph, 'outputs by name', "['image']"],
    ['empty outputs', 'outputs', {}, graph, 'at least one output', 'none'],
    ['no scopes', 'scopes', undefined, graph, 'a list of scopes', 'undefined'],
    ['a scope that is none', 'scopes.0', 'block', graph, 'scopes that have names', "'block'"],
    ['a scope without a kind', 'scopes.0.kind', undefined, graph, "a kind of the scope 'block'", 'undefined'],

    [
      'a name twice',
      'nodes.3',
      small().nodes[0],
      "node 'image' (input)",
      'a name that is not taken',
      'a second node of that name',
    ],
    [
      'an input that comes later',
      'nodes.1.inputs.0',
      'block.relu',
      conv,
      'its inputs before it',
      "'block.relu', which comes later or not at all",
    ],
    [
      'a node that is its own input',
      'nodes.1.inputs.0',
      'block.conv',
      conv,
      'its inputs before it',
      "'block.conv', which comes later or not at all",
    ],
    [
      'an input that does not exist',
      'nodes.1.inputs.0',
      'imagine',
      conv,
      'its inputs before it',
      "'imagine', which comes later or not at all",
    ],
    ['too many inputs', 'nodes.2.inputs.1', 'image', "node 'block.relu' (activation)", '1 input', '2'],
    ['a broken channel rule', 'nodes.1.attributes.inChannels', 4, conv, '4 channels', '3'],
    [
      'a recorded type of other channels',
      'nodes.1.type.channels',
      5,
      conv,
      `the type ${float32}`,
      'float32 [n, h, w, 5]',
    ],
    ['a recorded type of another rank', 'nodes.1.type.rank', 2, conv, `the type ${float32}`, 'float32 [n, 4]'],
    [
      'a recorded type of other elements',
      'nodes.1.type.dtype',
      'int8',
      conv,
      `the type ${float32}`,
      'int8 [n, h, w, 4]',
    ],
    [
      'an output that does not exist',
      'outputs.more',
      'imagine',
      graph,
      "a node for the output 'more'",
      "'imagine', which does not exist",
    ],
    [
      'an output that is no name',
      'outputs.more',
      null,
      graph,
      "a node for the output 'more'",
      'null, which does not exist',
    ],
    [
      'a scope that nothing leaves',
      'scopes.0.output',
      'imagine',
      graph,
      "a node that leaves the scope 'block'",
      "'imagine', which does not exist",
    ],
    ['an order that is no list', 'checkpointOrder', 'image', graph, 'a checkpointOrder of names', "'image'"],
    ['an order by name', 'checkpointOrder', { image: 0 }, graph, 'a checkpointOrder of names', 'an object'],
    [
      'an order of what is no name',
      'checkpointOrder',
      ['image', 3],
      graph,
      'a checkpointOrder of names',
      "['image', 3]",
    ],
    ['an order with an empty name', 'checkpointOrder', [''], graph, 'a checkpointOrder of names', "['']"],
    ['an order with a hole', 'checkpointOrder', new Array(1), graph, 'a checkpointOrder of names', '[undefined]'],
    [
      'an order of a node that does not exist',
      'checkpointOrder',
      ['image', 'imagine'],
      graph,
      'a checkpointOrder of its nodes',
      "'imagine', which does not exist",
    ],
    [
      'an order with a node twice',
      'checkpointOrder',
      ['image', 'block.conv', 'image'],
      graph,
      'each node once in checkpointOrder',
      "'image' twice",
    ],
    ['a scope twice', 'scopes.1', small().scopes[0], graph, 'scopes of different names', "'block' twice"],
  ])('%s', (_what, place, value, subject, expected, found) => {
    expect(refusal(() => verify(damaged(place, value)))).toMatchObject({ name: 'GraphError', subject, expected, found })
  })

  test.each(['conv3d', 'toString', '__proto__', 'constructor'])('the unknown op %s', (op) => {
    expect(refusal(() => verify(damaged('nodes.1.op', op)))).toMatchObject({
      name: 'GraphError',
      subject: `node 'block.conv' (${op})`,
      expected: expect.stringContaining('one of the ops input, conv2d, batchNorm, '),
    })
  })

  test.each([
    ['3', 3],
    ['an object', { toString: {} }],
  ])('an op that is %s', (found, op) => {
    expect(refusal(() => verify(damaged('nodes.1.op', op)))).toMatchObject({
      name: 'GraphError',
      subject: `node 'block.conv' (${found})`,
      expected: 'the name of an op',
      found,
    })
  })

  test.each([undefined, null, 3, 'graph', []])('that %o is no graph', (value) => {
    expect(refusal(() => verify(value as unknown as Graph))).toMatchObject({ subject: 'graph', expected: 'a graph' })
  })
})

test('an unknown op is a GraphError to whoever meets it first', () => {
  const graph = damaged('nodes.1.op', 'conv3d')
  for (const use of [
    () => print(graph),
    () => parameters(graph),
    () => inferShapes(graph, { image: [1, 2, 2, 3] }),
    () => summarise(graph, { image: [1, 2, 2, 3] }),
    () => optimise({ graph, params: new Map() }),
  ]) {
    expect(refusal(use)).toMatchObject({ name: 'GraphError', subject: "node 'block.conv' (conv3d)" })
  }
})

describe('whatever JSON becomes of a graph', () => {
  const places = pathsOf(everyOp())
  const junk = fc.oneof(
    fc.constantFrom(null, true, false, 0, 1, -1, 2, 0.5, 1e300, '', 'image', 'conv2d', 'relu', [], {}, [1, 1], [null]),
    fc.integer({ min: -3, max: 9 }),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const damage = fc.record({ place: fc.constantFrom(...places), value: fc.option(junk, { nil: undefined }) })

  test('the verifier accepts it or says what is wrong, and what it accepts nothing trips over', () => {
    const seen = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        const graph = structuredClone(everyOp())
        for (const { place, value } of damages) put(graph, place, value)
        const accepted = passes(() => verify(graph), GraphError)
        seen[accepted ? 'accepted' : 'refused']++
        if (!accepted) return
        print(graph)
        passes(() => cost(graph, inferShapes(graph, { image: [1, 32, 32, 3] })), ResnetError)
        passes(() => summarise(graph, { image: [2, 31, 33, 3] }), ResnetError)
        passes(() => checkParams({ graph, params: new Map() }), ResnetError)
      }),
      { numRuns: 800 },
    )
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(0)
  })

  test('the passes take what the verifier takes', () => {
    fc.assert(
      fc.property(damage, ({ place, value }) => {
        // Channels of 1e300 are whole numbers to the verifier, but not worth drawing parameters for.
        fc.pre(!place.includes('attributes') || typeof value !== 'number' || value < 100)
        const graph = structuredClone(everyOp())
        put(graph, place, value)
        if (passes(() => verify(graph), GraphError)) optimise({ graph, params: paramsOf(graph) })
      }),
      { numRuns: 300 },
    )
  })
})

type Path = readonly string[]

/** Where there is anything in a value: every field, every item, all the way down. */
function pathsOf(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => [[key], ...pathsOf(part).map((rest) => [key, ...rest])])
}

/** Puts a value in a place, or deletes what is there; places that are gone already are let be. */
function put(root: unknown, path: Path, value: unknown): void {
  const [key, ...rest] = path
  if (typeof root !== 'object' || root === null) return
  const fields = root as Record<string, unknown>
  if (rest.length > 0) put(fields[key!], rest, value)
  else if (value === undefined) delete fields[key!]
  else fields[key!] = value
}

/** Whether a call goes through; that it fails in another way than it may is a failed test. */
function passes(call: () => unknown, allowed: typeof ResnetError): boolean {
  try {
    call()
    return true
  } catch (error) {
    if (error instanceof allowed) return false
    throw error
  }
}

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { OptionError } from '@resnet-ts/graph'
import { findModel } from '@resnet-ts/zoo'
import { type PeerName, peerNames } from './peers/names.js'
import { type MemoryMode, memoryModes } from './race/job.js'
import { type RuntimeName, runtimeNames } from './race/runner.js'
import { type UsName, usNames } from './us/names.js'

export const usage = `usage: pnpm bench [options]          races us and the peers, and prints a table
       pnpm bench kernels [options]  GFLOP/s of each shape of convolution, and of the bare register tile
       pnpm bench webgpu --count     dispatches, shaders and bytes of networks on WebGPU, in Chromium

  --model NAME      a network of the zoo; may be repeated (default: resnet18 resnet50 resnext50_32x4d)
  --batch N[,N]     images at once (default: 1)
  --threads N[,N]   (default: 1 and the number of cores)
  --peer NAME       ${peerNames.join(', ')}; may be repeated
                    (default: all but jax-js, which takes hours)
  --us NAME         ${usNames.join(', ')} (default: wasm)
  --memory MODE     default or low: what our engine may spend on speed
  --runtime NAME    node or chromium; may be repeated (default: node)
  --node PATH       the Node that races are run in (default: this one)
  --rounds N        timed rounds (default: 30)
  --size N          height and width of the images, in pixels (default: the model's own; with webgpu 64)
  --json            print one JSON document instead of the table
  --write FILE      put the table into FILE, between the marks of the section
  --section NAME    (default: races, kernels or webgpu)
  --help

Exits with 1 when a race is void or failed, with 2 for misuse.`

/** What is measured: networks beside peers, the engine's layers, or what networks ask of a GPU. */
const tasks = ['races', 'kernels', 'webgpu'] as const

type Task = (typeof tasks)[number]

/** What the command line asks for, checked. */
export interface Options {
  readonly task: Task
  readonly models: readonly string[]
  readonly batches: readonly number[]
  readonly threads: readonly number[]
  /** Nothing for the usual ones. */
  readonly peers?: readonly PeerName[]
  readonly us: UsName
  readonly memory: MemoryMode
  readonly runtimes: readonly RuntimeName[]
  readonly node?: string
  readonly rounds: number
  readonly size?: number
  readonly json: boolean
  readonly write?: string
  readonly section: string
}

/**
 * Reads the command line.
 *
 * @returns nothing when help is asked for
 * @throws {OptionError | TypeError | UnknownModelError} for misuse
 */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      model: { type: 'string', multiple: true },
      batch: { type: 'string' },
      threads: { type: 'string' },
      peer: { type: 'string', multiple: true },
      us: { type: 'string' },
      memory: { type: 'string' },
      runtime: { type: 'string', multiple: true },
      node: { type: 'string' },
      rounds: { type: 'string' },
      size: { type: 'string' },
      count: { type: 'boolean' },
      json: { type: 'boolean' },
      write: { type: 'string' },
      section: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return undefined
  const task = tasks.slice(1).find((name) => name === positionals[0]) ?? 'races'
  const unknown = positionals[task === 'races' ? 0 : 1]
  if (unknown !== undefined) throw new OptionError({ subject: `'${unknown}'`, expected: 'an option', found: 'a word' })
  requireCount(task, values.count ?? false)
  const models = values.model ?? ['resnet18', 'resnet50', 'resnext50_32x4d']
  for (const model of models) findModel(model)
  return {
    task,
    models,
    batches: wholes('--batch', values.batch ?? '1', 1024),
    threads: wholes('--threads', values.threads ?? `1,${availableParallelism()}`, 64),
    ...(values.peer && { peers: values.peer.map((name) => oneOf('--peer', peerNames, name)) }),
    us: oneOf('--us', usNames, values.us ?? 'wasm'),
    memory: oneOf('--memory', memoryModes, values.memory ?? 'default'),
    runtimes: (values.runtime ?? ['node']).map((name) => oneOf('--runtime', runtimeNames, name)),
    ...(values.node !== undefined && { node: values.node }),
    rounds: whole('--rounds', values.rounds ?? '30', 100_000),
    ...(values.size !== undefined && { size: whole('--size', values.size, 4096) }),
    json: values.json ?? false,
    ...(values.write !== undefined && { write: values.write }),
    section: values.section ?? task,
  }
}

/** On an adapter in software times mean nothing, so that WebGPU is counted and nothing else; and it says so. */
function requireCount(task: Task, count: boolean): void {
  if (count === (task === 'webgpu')) return
  throw count
    ? new OptionError({ subject: '--count', expected: "the word 'webgpu' before it", found: task })
    : new OptionError({ subject: 'webgpu', expected: '--count', found: 'nothing that says what to measure' })
}

function oneOf<Name extends string>(subject: string, names: readonly Name[], found: string): Name {
  const name = names.find((each) => each === found)
  if (name !== undefined) return name
  throw new OptionError({ subject, expected: `one of ${names.join(', ')}`, found })
}

/** Each once. */
function wholes(subject: string, text: string, most: number): number[] {
  return [...new Set(text.split(',').map((part) => whole(subject, part, most)))]
}

function whole(subject: string, text: string, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value
  throw new OptionError({ subject, expected: `a whole number from 1 to ${most}`, found: text })
}

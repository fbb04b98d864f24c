import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import { image, network, params } from './network.js'

/** What the page computed, for the test to read. */
export interface Report {
  readonly isolated: boolean
  readonly reason?: string
  readonly description?: { readonly device: string; readonly notes: readonly string[] }
  readonly outputs?: Readonly<Record<string, readonly number[]>>
}

async function compute(): Promise<Report> {
  const isolated = crossOriginIsolated
  const backend = tfjsWasm()
  const availability = await backend.isAvailable()
  if (!availability.available) return { isolated, reason: availability.reason }
  const session = await backend.compile(network(), params())
  const outputs = await session.run({ image: image() })
  const report = {
    isolated,
    description: session.describe(),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, [...data]])),
  }
  await session.dispose()
  return report
}

Object.assign(globalThis, { report: compute() })

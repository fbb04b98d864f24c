type Runtime = typeof import('onnxruntime-node')

/** onnxruntime-node, or why it does not run here. */
export async function runtime(): Promise<Runtime | string> {
  try {
    return await import('onnxruntime-node')
  } catch (error) {
    return `onnxruntime-node does not load: ${error instanceof Error ? error.message.split('\n')[0] : error}`
  }
}

/** A value that goes into or comes out of a model. */
export interface Value {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** Runs a model once. */
export async function run(
  { InferenceSession, Tensor }: Runtime,
  file: Uint8Array,
  inputs: Readonly<Record<string, Value>>,
): Promise<Record<string, Value>> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 3, intraOpNumThreads: 1 })
  const feeds = Object.entries(inputs).map(([name, { shape, data }]) => [name, new Tensor('float32', data, shape)])
  const outputs = await session.run(Object.fromEntries(feeds))
  await session.release()
  const values = Object.entries(outputs).map(([name, { dims, data }]) => {
    return [name, { shape: dims, data: data as Float32Array }] as const
  })
  return Object.fromEntries(values)
}

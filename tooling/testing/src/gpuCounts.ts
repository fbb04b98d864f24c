/** What a page has asked of its GPU. */
export interface GpuCounts {
  devices: number
  /** Shaders that were made ready. */
  pipelines: number
  dispatches: number
  submissions: number
  /** Bytes that went to the GPU: in buffers that were mapped when they were made, and by the queue. */
  uploadedBytes: number
  readbacks: number
  readBytes: number
  /** Bytes of buffers that were made, and that were destroyed by themselves. */
  allocatedBytes: number
  destroyedBytes: number
}

/**
 * Counts from now on, by taking the place of the methods of the browser's GPU classes; runs in a page.
 *
 * @returns counts that go on changing
 */
export function countGpu(): GpuCounts {
  const counts: GpuCounts = {
    ...{ devices: 0, pipelines: 0, dispatches: 0, submissions: 0 },
    ...{ uploadedBytes: 0, readbacks: 0, readBytes: 0, allocatedBytes: 0, destroyedBytes: 0 },
  }
  around(GPUAdapter.prototype, 'requestDevice', () => {
    counts.devices++
  })
  around(GPUDevice.prototype, 'createComputePipeline', () => {
    counts.pipelines++
  })
  around(GPUDevice.prototype, 'createComputePipelineAsync', () => {
    counts.pipelines++
  })
  around(GPUDevice.prototype, 'createBuffer', (_, { size, mappedAtCreation }) => {
    counts.allocatedBytes += size
    if (mappedAtCreation) counts.uploadedBytes += size
  })
  around(GPUQueue.prototype, 'writeBuffer', (_, _buffer, _offset, data, _start, size) => {
    counts.uploadedBytes += size ?? data.byteLength
  })
  around(GPUQueue.prototype, 'submit', () => {
    counts.submissions++
  })
  around(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => {
    counts.dispatches++
  })
  around(GPUBuffer.prototype, 'mapAsync', (buffer) => {
    counts.readbacks++
    counts.readBytes += buffer.size
  })
  around(GPUBuffer.prototype, 'destroy', (buffer) => {
    counts.destroyedBytes += buffer.size
  })
  return counts
}

type Method = (...given: never[]) => unknown

/** Calls `before` with the object and the arguments of each call of a method. */
function around<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  before: (self: Owner, ...given: Parameters<Extract<Owner[Name], Method>>) => void,
): void {
  const original = owner[name] as Method
  const counted = function (this: Owner, ...given: Parameters<Extract<Owner[Name], Method>>) {
    before(this, ...given)
    return original.apply(this, given as never[])
  }
  owner[name] = counted as Owner[Name]
}

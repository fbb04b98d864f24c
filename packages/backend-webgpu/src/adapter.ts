import { BackendError } from '@resnet-ts/graph'
import type { WebgpuOptions } from './options.js'

/** The limits that matter here; a device has the least of them unless they are asked for. */
const limits = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
] as const

/**
 * The adapter of this browser.
 *
 * @throws {BackendError} saying why there is none
 */
export async function requestAdapter({ powerPreference = 'high-performance' }: WebgpuOptions): Promise<GPUAdapter> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu
  if (!gpu) throw missing('adapter', whyNoWebgpu())
  const adapter = await gpu.requestAdapter({ powerPreference }).catch((cause: unknown) => {
    throw missing('adapter', messageOf(cause), cause)
  })
  if (!adapter) throw missing('adapter', 'no GPU that the browser would use; chrome://gpu or about:support tell why')
  return adapter
}

function whyNoWebgpu(): string {
  const { isSecureContext } = globalThis as { readonly isSecureContext?: boolean }
  if (isSecureContext === false) return 'a page that is not secure: WebGPU needs https, or localhost'
  return 'no WebGPU here'
}

function missing(what: 'adapter' | 'device', found: string, cause?: unknown): BackendError {
  return new BackendError({ subject: "backend 'webgpu'", expected: `a WebGPU ${what}`, found, cause })
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/**
 * A device with all that the adapter has of the limits, and 16-bit floats where they are asked for and there.
 *
 * @throws {BackendError} when the adapter gives none
 */
export async function requestDevice(adapter: GPUAdapter, { f16 = false }: WebgpuOptions): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(limits.map((name) => [name, adapter.limits[name]]))
  const requiredFeatures: GPUFeatureName[] = f16 && adapter.features.has('shader-f16') ? ['shader-f16'] : []
  try {
    return await adapter.requestDevice({ label: '@resnet-ts/backend-webgpu', requiredFeatures, requiredLimits })
  } catch (cause) {
    throw missing('device', messageOf(cause), cause)
  }
}

/** The bytes that a storage buffer of the device can have. */
export function largestBuffer({ limits }: GPUDevice): number {
  return Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
}

/** What computes, in words. */
export function deviceOf(adapter: GPUAdapter, { f16 = false }: WebgpuOptions): string {
  const floats = f16 && adapter.features.has('shader-f16') ? 16 : 32
  return `WebGPU on ${nameOf(adapter)}, ${floats}-bit floats`
}

function nameOf({ info }: GPUAdapter): string {
  const words = [info.vendor, info.architecture, info.description || info.device].filter(Boolean)
  return words.length > 0 ? words.join(' ') : 'an adapter that does not tell its name'
}

/** What there is to know of the adapter, its limits and features, and of what is made of them. */
export function notesOf(adapter: GPUAdapter, device: GPUDevice, { f16 = false }: WebgpuOptions): string[] {
  const { maxComputeInvocationsPerWorkgroup: invocations, maxComputeWorkgroupStorageSize: storage } = device.limits
  const notes = [
    `Limits: ${bytes(largestBuffer(device))} a buffer, ${bytes(storage)} and ${invocations} invocations a workgroup.`,
    `Features of the adapter: ${[...adapter.features].sort().join(', ') || 'none'}.`,
  ]
  if (adapter.info.isFallbackAdapter) notes.unshift('A software adapter: the processor computes, slowly.')
  if (f16 && !device.features.has('shader-f16')) notes.push("32-bit floats: the adapter has no 'shader-f16'.")
  return notes
}

/** `1 GiB`, `16 KiB`. */
export function bytes(count: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(count) / 10)))
  const value = count / 1024 ** power
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[power]}`
}

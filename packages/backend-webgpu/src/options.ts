import { describeValue, OptionError, type OptionNames, refuseUnknownOptions } from '@resnet-ts/graph'

export interface WebgpuOptions {
  /**
   * Lets convolutions and linear layers keep and multiply 16-bit floats, where the adapter has `shader-f16`: half the
   * memory, and on many adapters twice the speed. Sums are of 32 bits. @defaultValue false
   */
  readonly f16?: boolean | undefined
  /**
   * The height and width of image, in pixels, for which shaders are compiled before `compile` ends; 224 if left out.
   * For other sizes that happens before their first run, where it is still needed.
   */
  readonly imageSize?: number | undefined
  /** Which GPU is asked for, where there are several. @defaultValue the one that computes fastest */
  readonly powerPreference?: 'high-performance' | 'low-power' | undefined
}

const names: OptionNames<WebgpuOptions> = { f16: true, imageSize: true, powerPreference: true }

/** @throws {OptionError} when an option is out of range, or there is none of its name */
export function checkOptions(options: WebgpuOptions): void {
  refuseUnknownOptions('webgpu', options, names)
  const { f16, imageSize, powerPreference } = options
  if (f16 !== undefined && typeof f16 !== 'boolean') refuse('f16', 'true or false', f16)
  if (imageSize !== undefined && !(Number.isSafeInteger(imageSize) && imageSize >= 1 && imageSize <= 16384)) {
    refuse('imageSize', 'a whole number from 1 to 16384', imageSize)
  }
  if (powerPreference !== undefined && !['high-performance', 'low-power'].includes(powerPreference)) {
    refuse('powerPreference', "'high-performance' or 'low-power'", powerPreference)
  }
}

function refuse(name: string, expected: string, found: unknown): never {
  throw new OptionError({ subject: `option '${name}' of webgpu()`, expected, found: describeValue(found) })
}

import { CheckpointError } from '../errors.js'

/** What is read of descriptions in JSON takes some twenty times their size in memory; a deep network's has 1 MB. */
const longestJson = 3 * 2 ** 20

/**
 * A description in JSON, as inert data.
 *
 * @param subject what it is, for messages
 * @throws {CheckpointError} when it is none, or longer than any network's
 */
export function readJson(bytes: Uint8Array, subject: string): unknown {
  if (bytes.length > longestJson) {
    throw new CheckpointError({ subject, expected: `at most ${longestJson} bytes`, found: String(bytes.length) })
  }
  try {
    return JSON.parse(new TextDecoder().decode(bytes.slice()))
  } catch (cause) {
    throw new CheckpointError({ subject, expected: 'JSON', found: 'something else', cause })
  }
}

/** A field of an object that JSON gave; nothing when there is none. */
export function field(value: unknown, key: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  return isObject ? (value as Record<string, unknown>)[key] : undefined
}

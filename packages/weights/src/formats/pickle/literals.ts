import { quote } from '../../text.js'
import type { Fail } from './values.js'

/** A whole number as text, or one of protocol 0's booleans. */
export function decimal(line: string, fail: Fail): number | bigint | boolean {
  if (line === '00' || line === '01') return line === '01'
  if (!/^-?\d{1,600}$/.test(line)) return fail('a whole number', quote(line))
  return narrow(BigInt(line))
}

/** A whole number in two's complement, its lowest byte first. */
export function integer(bytes: Uint8Array): number | bigint {
  const value = [...bytes].reverse().reduce((sum, digit) => (sum << 8n) | BigInt(digit), 0n)
  return narrow(BigInt.asIntN(8 * bytes.length, value))
}

function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Protocol 0's text, in which characters beyond Latin-1 are escaped. */
export function unescapeUnicode(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

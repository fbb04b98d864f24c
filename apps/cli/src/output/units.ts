/** A whole number with its thousands apart: `25,557,032`. */
export function exact(count: number): string {
  return count.toLocaleString('en')
}

/** A count in three digits and a unit: `25.6 M`, `4.09 G`; below a thousand as it is. */
export function compact(count: number): string {
  const units = ['', ' k', ' M', ' G', ' T', ' P']
  let unit = 0
  let value = count
  // 999.5 would be rounded to 1000 of its unit, so it belongs to the next.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  if (unit === 0) return String(count)
  const decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
  return value.toFixed(decimals) + units[unit]
}

/** A share in [0, 1] as `99.99 %`; a dash for no share at all. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(2)} %`
}

/** A time in milliseconds as `812 ms` or `2.4 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

/** A number without the digits that mean nothing, for JSON. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** A time in milliseconds to its hundredth or tenth, for what is measured: `1.27 ms`, `104.2 ms`, `2.41 s`. */
export function latency(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`
}

/** Bytes as `187 MB`. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

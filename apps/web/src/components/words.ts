// Numbers as they are read.

/** `25.6 M`, `4.09 G`, `272 k`. */
export function count(value: number): string {
  const units = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const
  const unit = units.find(([size]) => value >= size * 0.9995)
  if (!unit) return String(Math.round(value))
  const scaled = value / unit[0]
  return `${scaled.toFixed(scaled < 10 ? 2 : scaled < 100 ? 1 : 0)} ${unit[1]}`
}

/** `97.8 MB`. */
export function bytes(value: number): string {
  if (value < 1e6) return `${Math.max(1, Math.round(value / 1e3))} kB`
  const megabytes = value / 1e6
  return `${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB`
}

/** `0.04 ms`, `4.2 ms`, `31 ms`, `1.25 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`
  return `${milliseconds.toFixed(milliseconds < 1 ? 2 : milliseconds < 10 ? 1 : 0)} ms`
}

/** `97.3 %`; what is less than a thousandth is said to be. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %'
  return `${(share * 100).toFixed(1)} %`
}

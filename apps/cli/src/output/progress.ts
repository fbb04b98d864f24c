import { Presets, SingleBar } from 'cli-progress'

/** A bar on stderr that grows; nothing at all where that is no terminal. */
export interface Progress {
  advance(count: number): void
  /** Takes the bar off its line, so that something else can be written; the next advance draws it again. */
  clear(): void
  /** Takes the bar away. */
  stop(): void
}

/** @param done - how many of all are done already */
export function startProgress(total: number, done = 0): Progress {
  const stream = process.stderr
  if (stream.isTTY !== true) return { advance: () => {}, clear: () => {}, stop: () => {} }
  const progress = new SingleBar(
    { stream, format: '{bar} {percentage} %  {value} of {total}, {eta_formatted} to go', clearOnComplete: true },
    Presets.shades_classic,
  )
  progress.start(total, done)
  return {
    advance: (count) => progress.increment(count),
    clear: () => void stream.write('\r\x1b[K'),
    stop: () => progress.stop(),
  }
}

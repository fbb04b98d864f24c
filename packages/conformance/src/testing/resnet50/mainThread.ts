/** How a page's main thread fared while something went on. */
export interface Watched {
  /** Milliseconds of each task that the browser calls long, which begins at 50. */
  readonly longTasks: readonly number[]
  /** Milliseconds between two turns of a timer, at most, that asks for one every 4. */
  readonly longestLag: number
  readonly milliseconds: number
}

/** Lets something go on, and watches the main thread meanwhile. */
export async function watchMainThread(work: () => Promise<void>): Promise<Watched> {
  const longTasks: number[] = []
  const observer = new PerformanceObserver((list) => {
    longTasks.push(...list.getEntries().map(({ duration }) => duration))
  })
  observer.observe({ entryTypes: ['longtask'] })
  const begin = performance.now()
  let last = begin
  let longestLag = 0
  const timer = setInterval(() => {
    const now = performance.now()
    longestLag = Math.max(longestLag, now - last)
    last = now
  }, 4)
  await work()
  clearInterval(timer)
  const milliseconds = performance.now() - begin
  // What the browser has seen it tells a moment later.
  await new Promise((resolve) => setTimeout(resolve, 100))
  observer.disconnect()
  return { longTasks, longestLag, milliseconds }
}

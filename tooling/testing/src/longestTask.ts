import type { Page } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds that the thread computed; other than those that a `PerformanceObserver` of long tasks counts, without what other processes took. */
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** The milliseconds of the longest task of a page's main thread while `run` goes on. */
export async function longestTaskOf(page: Page, run: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  const traceConfig = { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] }
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig })
  await run()
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await complete
  await session.detach()
  const threads = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  const isMain = ({ pid, tid }: TraceEvent): boolean => threads.some((main) => main.pid === pid && main.tid === tid)
  const tasks = events.filter((event) => event.name.endsWith('RunTask') && event.tdur !== undefined && isMain(event))
  if (tasks.length === 0) throw new Error('the trace has no tasks of a main thread')
  return Math.max(...tasks.map(({ tdur }) => tdur! / 1000))
}

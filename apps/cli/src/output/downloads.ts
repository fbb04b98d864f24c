import type { Progress } from '@resnet-ts/weights'
import { Presets, SingleBar } from 'cli-progress'
import type { Context } from '../context.js'
import { printable } from './text.js'
import { byteSize, percent } from './units.js'

/** Files that are smaller are there before anybody wonders. */
const worthTelling = 1_000_000
/** Milliseconds between two lines, where there is no terminal. */
const lineEvery = 10_000

/** Tells of a download, file after file. */
interface Reporter {
  report(progress: Progress): void
  /** Takes away what is still drawn. */
  stop(): void
}

/**
 * Does work that may download, and tells of it on stderr: with a bar on a terminal, elsewhere in a line for each file and
 * another now and then.
 */
export async function withDownloads<T>(
  context: Context,
  work: (onProgress: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const reporter = process.stderr.isTTY === true ? bars() : lines(context)
  try {
    return await work((progress) => {
      if ((progress.total ?? progress.loaded) >= worthTelling) reporter.report(progress)
    })
  } finally {
    reporter.stop()
  }
}

function bars(): Reporter {
  let current: { readonly file: string; readonly bar: SingleBar } | undefined
  const stop = () => {
    current?.bar.stop()
    current = undefined
  }
  const start = ({ file, loaded, total }: Progress) => {
    const known = '{file} {bar} {percentage} %  {value} of {total}, {eta_formatted} to go'
    const format = total === undefined ? '{file} {value}' : known
    const formatValue = (value: number, _: unknown, type: string) =>
      type === 'value' || type === 'total' ? byteSize(value) : String(value)
    const options = { stream: process.stderr, format, formatValue, clearOnComplete: true }
    const bar = new SingleBar(options, Presets.shades_classic)
    bar.start(total ?? loaded, loaded, { file: printable(file) })
    return { file, bar }
  }
  return {
    report(progress) {
      if (current?.file !== progress.file) {
        stop()
        current = start(progress)
      }
      current!.bar.update(progress.loaded)
      if (progress.loaded === progress.total) stop()
    },
    stop,
  }
}

function lines({ note }: Context): Reporter {
  const begun = new Set<string>()
  let last = 0
  return {
    report({ file, loaded, total }) {
      const now = performance.now()
      const name = `'${printable(file)}'`
      if (!begun.has(file)) {
        begun.add(file)
        note(`downloading ${name}${total === undefined ? '' : `, ${byteSize(total)}`}`)
      } else if (now - last >= lineEvery) {
        const share = total === undefined ? '' : `, ${percent(loaded / total)}`
        note(`${name}: ${byteSize(loaded)}${share}`)
      } else return
      last = now
    },
    stop: () => {},
  }
}

import { aligned, markdown } from '../report/table.js'
import type { NetworkCounts } from './job.js'

const heading = [
  'model',
  'images',
  'nodes',
  'dispatches',
  'shaders',
  'weights',
  'to the GPU a run',
  'readbacks',
  'read a run',
]
const numeric = new Set([2, 3, 4, 5, 6, 7, 8])

/** For a terminal. */
export function countsText(counts: readonly NetworkCounts[]): string {
  return aligned([heading, ...counts.map(cellsOf)], numeric).join('\n')
}

/** For a section of a Markdown file. */
export function countsSection(counts: readonly NetworkCounts[], command: string): string {
  return [markdown(heading, counts.map(cellsOf), numeric), ['```sh', command, '```'].join('\n')].join('\n\n')
}

/** Shaders are those that are compiled for the network when no other was before; runs are counted from the second on. */
function cellsOf({ model, batch, size, nodes, compile, secondRun }: NetworkCounts): string[] {
  const { dispatches, uploadedBytes, readbacks, readBytes } = secondRun
  return [
    ...[model, `${batch}×${size}×${size}`, String(nodes), String(dispatches), String(compile.pipelines)],
    ...[bytes(compile.uploadedBytes), bytes(uploadedBytes), String(readbacks), bytes(readBytes)],
  ]
}

function bytes(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} MB`
  return count >= 1000 ? `${(count / 1000).toFixed(1)} kB` : `${count} bytes`
}

import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import process from 'node:process'
import { packageFolder } from '../runtimes/folders.js'

/** What was measured on, and what was measured. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  /** In GiB. */
  readonly memory: number
  /** How many threads wanted to compute, over the last minute, before anything was measured: 0 on an idle machine. */
  readonly load: number
  /** `linux x64` */
  readonly platform: string
  /** Of this repository, with a `+` where files differ from it; null where there is no git. */
  readonly commit: string | null
}

export function machineOf(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    load: Math.round(10 * loadavg()[0]!) / 10,
    platform: `${process.platform} ${process.arch}`,
    commit: commitOf(),
  }
}

export function describeMachine({ cpu, cores, memory, load, platform, commit }: Machine): string {
  const counted = cores === 1 ? '1 core' : `${cores} cores`
  return `${cpu}, ${counted}, ${memory} GiB, ${platform}, load ${load} before${commit === null ? '' : `; commit ${commit}`}`
}

function commitOf(): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: packageFolder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return git('rev-parse', '--short=9', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '+' : '')
  } catch {
    return null
  }
}

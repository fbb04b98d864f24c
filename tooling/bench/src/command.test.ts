import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { benchCommand } from './command.js'
import type { Job, Outcome } from './race/job.js'
import type { CountJob, NetworkCounts } from './webgpu/job.js'

const side = { version: '1.0.0', device: 'a device' }

function raced(job: Job, disagreement?: string): Outcome {
  return {
    state: 'raced',
    us: { name: job.us, ...side },
    peer: { name: job.peer, ...side },
    usTimes: [1, 2, 3],
    peerTimes: [4, 4, 4],
    agreement: { worst: 0, ...(disagreement && { disagreement }) },
  }
}

/** Counts that tell each number by itself. */
function countsOf(job: CountJob): NetworkCounts {
  const counts = { devices: 1, pipelines: 2, dispatches: 3, submissions: 4, readbacks: 5, readBytes: 6000 }
  const compile = { ...counts, uploadedBytes: 7e6, allocatedBytes: 8, destroyedBytes: 9 }
  const run = { ...compile, uploadedBytes: 10_000 }
  return { ...job, device: 'a device', nodes: 11, softmaxes: 0, compile, firstRun: compile, secondRun: run }
}

/** Runs the command with races that come to what a function says, and collects what it does. */
async function bench(words: string, outcomeOf: (job: Job) => Outcome = raced) {
  const [printed, reported, jobs]: [string[], string[], Job[]] = [[], [], []]
  let closed = 0
  const exitCode = await benchCommand(words.split(' '), {
    print: (text) => printed.push(text),
    report: (text) => reported.push(text),
    open: async (runtime) => ({
      description: `${runtime} 1.0`,
      async perform(job) {
        jobs.push(job)
        return outcomeOf(job)
      },
      async close() {
        closed += 1
      },
    }),
    count: async (counted) => counted.map(countsOf),
    signal: new AbortController().signal,
  })
  return { exitCode, printed: printed.join('\n'), reported: reported.join('\n'), jobs, closed }
}

test('--json prints one document, and nothing else', async () => {
  const { exitCode, printed, closed } = await bench(
    '--model resnet18 --threads 1 --peer litert --runtime chromium --json',
  )
  expect(exitCode).toBe(0)
  expect(closed).toBe(1)
  const document = JSON.parse(printed) as { rows: object[]; machine: object }
  expect(document.rows).toHaveLength(1)
  expect(document.rows[0]).toMatchObject({
    model: 'resnet18',
    batch: 1,
    threads: 1,
    runtime: 'chromium',
    us: 'wasm',
    peer: 'litert',
    usMs: 2,
    peerMs: 4,
    ratio: 0.5,
  })
  expect(document.machine).toMatchObject({
    cpu: expect.any(String),
    cores: expect.any(Number),
    load: expect.any(Number),
  })
})

test('every network, batch, number of threads, peer and runtime is a race', async () => {
  const words =
    '--model resnet18 --model resnet50 --batch 1,8 --threads 1,2 --runtime node --runtime chromium --size 32'
  const { jobs } = await bench(words)
  // In Node four peers, in Chromium as many: jax-js has to be asked for.
  expect(jobs).toHaveLength(2 * 2 * 2 * (4 + 4))
  expect(new Set(jobs.map((job) => JSON.stringify(job))).size).toBe(2 * 2 * 2 * 5)
  expect(jobs.every(({ size, peer }) => size === 32 && peer !== 'jax-js')).toBe(true)
})

test('a table is printed, a void race makes the exit code 1', async () => {
  const { exitCode, printed } = await bench('--model resnet18 --threads 1', (job) =>
    raced(job, job.peer === 'tfjs-wasm' ? 'outputs differ' : undefined),
  )
  expect(exitCode).toBe(1)
  const lines = printed.split('\n').slice(1)
  expect(lines.find((line) => line.includes('onnxruntime-web'))).toMatch(/ 2\.00 .* 4\.00 .* 0\.500 +0\.375 to 0\.625$/)
  expect(lines.find((line) => line.includes('tfjs-wasm'))).toMatch(/ – .* void: outputs differ/)
})

test('what a peer cannot do is told, and is no failure', async () => {
  const { exitCode, printed } = await bench('--model resnext50_32x4d --threads 1 --peer tfjs-wasm', () => ({
    state: 'unsupported',
    reason: 'no grouped convolution',
  }))
  expect(exitCode).toBe(0)
  expect(printed).toMatch(/resnext50_32x4d .* tfjs-wasm .* unsupported: no grouped convolution$/)
})

test('what failed makes the exit code 1', async () => {
  const outcome: Outcome = { state: 'failed', reason: 'out of memory' }
  expect(await bench('--model resnet18 --threads 1', () => outcome)).toMatchObject({ exitCode: 1 })
})

test.each(['--rounds none', 'kernels --peer litert', 'kernels --runtime chromium', '--write /nowhere.md'])(
  'misuse is refused before anything is measured: %s',
  async (words) => {
    const { exitCode, printed, reported, jobs } = await bench(words)
    expect(exitCode).toBe(2)
    expect(printed).toBe('')
    expect(reported).toContain('usage: pnpm bench')
    expect(jobs).toEqual([])
  },
)

test('the table goes into the file, with all that is needed to make it again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resnet-bench-'))
  const path = join(folder, 'page.md')
  writeFileSync(path, '<!-- bench quick -->\n<!-- /bench quick -->\n')
  await bench(`--model resnet18 --threads 1 --peer litert --section quick --write ${path}`)
  const page = readFileSync(path, 'utf8')
  rmSync(folder, { recursive: true })
  expect(page).toMatch(
    /\| resnet18 \| +1 \| +1 \| node +\| wasm \| 2\.00 \| litert \| 4\.00 \| +0\.500 \| 0\.375 to 0\.625 \|/,
  )
  expect(page).toMatch(/^- Machine: .*, load \d+(\.\d)? before/m)
  expect(page).toContain('- Runtime: node 1.0.')
  expect(page).toContain('- Us: wasm 1.0.0 (a device).')
  expect(page).toContain('- litert 1.0.0 (a device).')
  expect(page).toContain('```sh\npnpm bench --model resnet18 --threads 1 --peer litert\n```')
})

test('webgpu --count prints what each network asks of a GPU', async () => {
  const { exitCode, printed, jobs } = await bench('webgpu --count --model resnet18 --model resnet50 --batch 1,2')
  expect(exitCode).toBe(0)
  expect(jobs).toEqual([])
  const [heading, ...lines] = printed.split('\n')
  expect(heading).toMatch(/^model +images +nodes +dispatches +shaders +weights/)
  expect(lines).toHaveLength(4)
  expect(lines[3]).toMatch(/^resnet50 +2×64×64 +11 +3 +2 +7\.0 MB +10\.0 kB +5 +6\.0 kB$/)
})

import type { Place, Racer, Runner } from '../race/runner.js'

/** A runner that answers with what a function makes of its input, and says when it was asked. */
export function runnerOf(
  name: string,
  compute: (input: Float32Array) => Float32Array,
  options: { readonly layout?: Runner['layout']; readonly asked?: string[] } = {},
): Runner {
  const { layout = 'nhwc', asked = [] } = options
  return {
    name,
    version: '1.2.3',
    device: 'nothing',
    layout,
    async run(input) {
      asked.push(name)
      return compute(input)
    },
    async dispose() {
      asked.push(`${name} disposed of`)
    },
  }
}

export function racerOf(runner: Runner): Racer {
  return { prepare: async () => runner }
}

/** Where nothing can be had. */
export const nowhere: Place = {
  runtime: 'node',
  versionOf: async () => '0.0.0',
  filesOf: (name) => name,
  publish: () => Promise.reject(new Error('nowhere')),
}

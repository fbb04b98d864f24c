import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { describe, expect, test } from 'vitest'
import { models } from './index.js'

// What a bundler makes of one network's import, of the packages as they are built: nothing else may come along.

const entry = 'entry.js'

/** The bundle of a module with this code, on one line of short names or as it was written. */
async function bundle(code: string, minify: boolean): Promise<string> {
  const build = await rolldown({
    input: entry,
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? `${import.meta.dirname}/${entry}` : undefined),
        load: (id) => (id.endsWith(`/${entry}`) ? code : undefined),
      },
    ],
  })
  try {
    const { output } = await build.generate({ format: 'esm', minify, comments: false })
    expect(output).toHaveLength(1)
    return output[0].code
  } finally {
    await build.close()
  }
}

const graphOf = (name: string) => `import { ${name} } from '@resnet-ts/zoo'\nexport const graph = ${name}()\n`

/** Names of the zoo's models that stand in a text. */
function namesIn(code: string): string[] {
  const words = new Set(code.match(/\w+/g))
  return [...models.keys()].filter((name) => words.has(name))
}

/** What a network can be made of, by the names that its scopes have in summaries. */
const parts = [
  'basicBlock',
  'bottleneck',
  'preActivationBasicBlock',
  'preActivationBottleneck',
  'deepStem',
  'efficientChannelAttention',
  'squeezeExcitation',
]

const partsIn = (code: string) => parts.filter((part) => code.includes(`"${part}"`))

describe('a bundle of one network', () => {
  test.each(['resnet18', 'resnet50', 'resnetrs50', 'seresnextaa101d_32x8d', 'resnetv2_50', 'cifar_resnet20'])(
    '%s is under 10 kB, compressed',
    async (name) => {
      const size = gzipSync(await bundle(graphOf(name), true), { level: 9 }).length
      expect(size).toBeLessThan(10_000)
      // Should it be much less, something is missing.
      expect(size).toBeGreaterThan(5_000)
    },
  )

  test('makes the graph that the package makes', async () => {
    const code = await bundle(graphOf('resnet18'), true)
    const { graph } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
    expect(graph).toEqual(models.get('resnet18')!())
  })

  // Without minification nothing goes but what is marked as pure: other bundlers do no better.
  test.each([
    ['resnet18', ['basicBlock']],
    ['resnet50_gn', ['bottleneck']],
    ['ecaresnet50d_pruned', ['bottleneck', 'deepStem', 'efficientChannelAttention']],
    ['senet154', ['bottleneck', 'deepStem', 'squeezeExcitation']],
    ['resnetv2_18', ['preActivationBasicBlock']],
    ['resnetv2_50', ['preActivationBottleneck']],
  ])('%s has no other in it, and %o of what they are made of', async (name, own) => {
    const code = await bundle(graphOf(name), false)
    expect(namesIn(code)).toEqual([name])
    expect(partsIn(code)).toEqual(own)
    for (const foreign of ['a name of the zoo', 'mulberry32', 'IMAGENET1K', 'tench'])
      expect(code).not.toContain(foreign)
  })

  test('the catalog has them all, which the tests above would see', async () => {
    const code = await bundle("export { findModel } from '@resnet-ts/zoo'\n", false)
    expect(namesIn(code)).toEqual([...models.keys()])
    expect(partsIn(code)).toEqual(parts)
  })

  test('what is imported and not used leaves nothing', async () => {
    const imports = ['', '/labels', '/pretrained'].map(
      (path, index) => `import * as all${index} from '@resnet-ts/zoo${path}'`,
    )
    expect(await bundle(imports.join('\n'), true)).toBe('')
  })
})

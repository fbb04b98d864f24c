import { join } from 'node:path'
import { root } from './turbo.mjs'

/**
 * What is made from something else and kept in the repository, in the order in which it is made anew. A command is a script of
 * Node with its arguments, run in the root of the workspace.
 *
 * @typedef {object} Derived
 * @property {string} name
 * @property {string} what is kept, and of what it is made
 * @property {readonly string[]} make makes it anew
 * @property {readonly string[]} [check] tells whether it is stale, in seconds, and changes nothing
 * @property {string} heldBy what fails in CI where it is stale
 * @property {string} [takes] where it is long
 */

/**
 * A test that fails where something is stale.
 *
 * @param {string} folder of the package
 * @param {string} file
 * @param {string} [name] of the test, or of a part of the file; all of it if left out
 */
function testOf(folder, file, name) {
  const options = ['--config', join(root, 'vitest.config.ts'), '--root', folder, '--reporter', 'dot']
  return ['node_modules/vitest/vitest.mjs', 'run', ...options, file, ...(name ? ['-t', name] : [])]
}

/** @type {readonly Derived[]} */
export const derived = [
  {
    name: 'version',
    what: 'packages/resnet-ts/src/version.ts, of its package.json',
    make: ['tooling/release/writeVersion.mjs'],
    check: ['tooling/release/writeVersion.mjs', '--check'],
    heldBy: 'a test of resnet-ts',
  },
  {
    name: 'signatures',
    what: 'packages/zoo/src/signatures.data.ts, of the models',
    make: ['packages/zoo/makeSignatures.mjs'],
    check: ['packages/zoo/makeSignatures.mjs', '--check'],
    heldBy: 'a test of zoo',
  },
  {
    name: 'api',
    what: 'tooling/api/reports, of the declarations',
    make: ['tooling/api/main.mjs', '--update'],
    check: ['tooling/api/main.mjs'],
    heldBy: 'pnpm test:release',
  },
  {
    name: 'budgets',
    what: 'tooling/release/budgets.json, of the packed packages: where a budget is not kept to, or far too large',
    make: ['tooling/release/check.mjs', '--budgets'],
    check: ['tooling/release/check.mjs'],
    heldBy: 'pnpm test:release, and of the sizes in READMEs too',
  },
  {
    name: 'golden',
    what: 'docs/golden.md, of every network beside PyTorch',
    make: ['packages/conformance/dist/golden/main.js'],
    check: testOf('packages/conformance', 'src/golden/command.test.ts', 'docs/golden.md'),
    heldBy: 'a test of conformance, for its rows and bounds',
    takes: 'minutes, and 4.5 GB of memory',
  },
  {
    name: 'webgpu',
    what: 'the table in packages/backend-webgpu/README.md, counted in Chromium',
    make: [
      ...['tooling/bench/dist/main.js', 'webgpu', '--count', '--write', 'packages/backend-webgpu/README.md'],
      ...['resnet18', 'resnet50', 'resnext50_32x4d', 'ecaresnext26t_32x4d', 'resnetblur18'].flatMap((model) => [
        '--model',
        model,
      ]),
    ],
    check: testOf('tooling/bench', 'src/webgpu/count.browser.test.ts', 'on WebGPU'),
    heldBy: 'a browser test of bench, for two of its rows',
    takes: 'a minute',
  },
  {
    name: 'screenshots',
    what: 'docs/screenshots, of every page of the web app',
    make: ['apps/web/src/testing/screenshots.mjs'],
    check: testOf('apps/web', 'src/testing/pictures.test.ts'),
    heldBy: 'a test of web, for which there are and of what size',
    takes: 'two minutes',
  },
]

import { fileURLToPath } from 'node:url'
import { packagesOf } from './packages.mjs'

/**
 * The layers: what each package may import of ours. `*` stands for the rest of a name. A package without a row is an error, so
 * that a new one gets its place decided.
 *
 * @type {Record<string, string[]>}
 */
const layers = {
  'packages/graph': [],
  'packages/blocks': ['packages/graph'],
  'packages/zoo': ['packages/graph', 'packages/blocks'],
  'packages/onnx': ['packages/graph'],
  'packages/weights': ['packages/graph', 'packages/onnx'],
  'packages/vision': ['packages/graph'],
  'packages/train': ['packages/graph'],
  'packages/backend-wasm': ['packages/graph', 'packages/backend-tfjs'],
  'packages/backend-webgpu': ['packages/graph', 'packages/backend-tfjs'],
  'packages/backend-node': ['packages/graph', 'packages/onnx'],
  'packages/backend-*': ['packages/graph'],
  'packages/pretrained-*': [],
  'tooling/golden': [],
  'tooling/testing': ['tooling/golden', 'packages/graph'],
  'tooling/workspace': [],
  'tooling/api': ['tooling/workspace'],
  'tooling/release': ['tooling/workspace'],
  'tooling/consumers': ['tooling/workspace', 'tooling/release', 'tooling/testing', 'packages/resnet-ts'],
}
const libraries = Object.keys(layers).filter((folder) => folder.startsWith('packages/'))
// Those that compose.
layers['packages/resnet-ts'] = libraries
layers['packages/conformance'] = [...libraries, 'packages/resnet-ts', 'tooling/golden']
layers['apps/*'] = [...libraries, 'packages/resnet-ts']
layers['tooling/*'] = ['packages/*', 'apps/*', 'tooling/golden', 'tooling/testing']

const ours = '^(apps|packages|tooling)/'
/** Tests, and what only they use. */
const test = '(\\.test\\.ts$|/src/testing/)'

/** @param {string[]} folders */
const within = (folders) => `^(${folders.join('|').replaceAll('*', '[^/]+')})/`

/**
 * @param {string} folder
 * @returns {string[]} its row: the one of its own name before one with a `*`
 */
function rowOf(folder) {
  const row =
    layers[folder] ?? Object.entries(layers).find(([name]) => new RegExp(within([name])).test(`${folder}/`))?.[1]
  if (!row) throw new Error(`${folder} has no row in tooling/workspace/layers.mjs: say there what it may import.`)
  return row
}

const packages = packagesOf(process.cwd())

/**
 * @param {import('./packages.mjs').Package} owner
 * @returns {import('dependency-cruiser').IRegularForbiddenRuleType[]}
 */
function rulesOf({ folder, manifest }) {
  const row = rowOf(folder)
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  const declaredFolders = packages
    .filter((other) => declared.includes(other.manifest.name))
    .map((other) => other.folder)
  return [
    {
      name: `layer-${folder}`,
      comment: `${folder} may import ${row.join(', ') || 'nothing'} of ours; its tests tooling/golden and tooling/testing too.`,
      severity: 'error',
      from: { path: within([folder]), pathNot: test },
      to: { path: ours, pathNot: within([folder, ...row]) },
    },
    {
      name: `layer-${folder}-tests`,
      comment: `${folder} may import ${row.join(', ') || 'nothing'} of ours; its tests tooling/golden and tooling/testing too.`,
      severity: 'error',
      from: { path: `${within([folder])}.*${test}` },
      to: { path: ours, pathNot: within([folder, ...row, 'tooling/golden', 'tooling/testing']) },
    },
    {
      name: `undeclared-${folder}`,
      comment: `What the source of ${folder} imports of ours stands under "dependencies" (or peers) of its package.json.`,
      severity: 'error',
      from: { path: within([folder]), pathNot: test },
      to: { path: ours, pathNot: within([folder, ...declaredFolders]) },
    },
  ]
}

/** @type {import('dependency-cruiser').IReachabilityForbiddenRuleType} */
const engineWithoutTfjs = {
  name: 'engine-without-tfjs',
  comment: 'Who imports the engine does not get TensorFlow.js with it: only the entry ./tfjs reaches backend-tfjs.',
  severity: 'error',
  from: { path: '^packages/backend-wasm/src/index\\.' },
  to: { path: '^packages/backend-tfjs/', reachable: true },
}

/** @type {import('dependency-cruiser').IReachabilityForbiddenRuleType} */
const browserTestsByName = {
  name: 'browser-test',
  comment: 'Tests that drive a browser are called browser.test.ts or *.browser.test.ts: pnpm test:browser runs those.',
  severity: 'error',
  from: { path: '\\.test\\.ts$', pathNot: '(^|[/.])browser\\.test\\.ts$' },
  to: { path: 'node_modules/playwright-core/', reachable: true },
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...packages.flatMap(rulesOf),
    engineWithoutTfjs,
    browserTestsByName,
    {
      name: 'deep-import',
      comment:
        "Another package is imported by its name, through an entry of its 'exports', never by a path to its files.",
      severity: 'error',
      from: { path: '^((?:apps|packages|tooling)/[^/]+)/' },
      to: { path: ours, pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'cycle',
      comment: 'No module imports itself by way of others, types included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'unresolvable',
      comment: "An import leads to a file, or to an entry that the other package's 'exports' names.",
      severity: 'error',
      from: {},
      // What a build makes may not be there yet.
      to: { couldNotResolve: true, pathNot: ['^\\.\\./dist/', '/generated/'] },
    },
    {
      name: 'development-only',
      comment:
        'Source that is not a test imports nothing of "devDependencies": who installs the package does not get them.',
      severity: 'error',
      from: { path: '^[^/]+/[^/]+/(src|bin)/', pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'] },
    },
    {
      name: 'undeclared',
      comment: 'What is imported stands in the package.json of the package, or of the workspace.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'test-as-library',
      comment: 'Source that is not a test imports nothing that is.',
      severity: 'error',
      from: { pathNot: test },
      to: { path: test },
    },
  ],
  options: {
    // Projects of others, as it were, and what is installed apart: neither is part of the workspace.
    exclude: { path: '^tooling/(consumers/projects|[^/]+/(registry|tools))/' },
    doNotFollow: { path: ['node_modules/', '/dist/', '/generated/'] },
    // Types count: they bind a package to another as values do.
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    moduleSystems: ['es6', 'tsd'],
    webpackConfig: { fileName: fileURLToPath(new URL('resolve.mjs', import.meta.url)) },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
    },
  },
}

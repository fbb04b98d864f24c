import { literal, type Part } from './program.js'
import type { LoadedModel, Platform, Situation } from './situation.js'

/** The lines that load the model in use, as `model`. */
export function loading({ model, platform }: Situation, profile = false): Part {
  const { source } = model
  const computing = computingOf(model, platform, profile)
  const options: string[] = []
  const before: string[] = []
  const imports: Record<string, readonly string[]> = { 'resnet-ts': ['load'], ...computing.imports }
  if (source.kind === 'file') {
    const { file, card, labels, options: built } = source
    options.push(`weights: ${platform === 'node' ? literal(file) : 'file(0)'}`)
    if (platform === 'page') before.push(...chosenFiles(source))
    if (card) options.push(`config: JSON.parse(await ${textOf('config.json', platform, 1)})`)
    if (labels !== undefined) options.push(`labels: ${labelsOf(labels, platform, card ? 2 : 1)}`)
    if ((card || labels !== undefined) && platform === 'node') imports['node:fs/promises'] = ['readFile']
    if (Object.keys(built).length > 0) options.push(`options: ${literal(built)}`)
  }
  if (computing.backend) options.push(`backends: [${computing.backend}]`)
  return { imports, lines: [...before, ...call(nameOf(model), options)] }
}

/** The photograph, as an expression. */
export function photoIn({ photo, platform }: Situation): string {
  return platform === 'node' ? literal(photo) : 'photo'
}

/** In a page, the lines by which a person chooses the photograph. */
export function choosing({ platform }: Situation): Part {
  if (platform === 'node') return { lines: [] }
  return {
    lines: ["const photo = document.querySelector<HTMLInputElement>('#photo')!.files![0]!"],
  }
}

function nameOf({ source, architecture }: LoadedModel): string | undefined {
  switch (source.kind) {
    case 'embedded':
      return undefined
    case 'hub':
      return literal(source.name)
    case 'file':
      return literal(architecture)
    default:
      return source satisfies never
  }
}

function computingOf(
  { computing }: LoadedModel,
  platform: Platform,
  profile: boolean,
): Part & { readonly backend: string | undefined } {
  if (computing?.backend === 'tfjs') {
    return { imports: { '@resnet-ts/backend-wasm/tfjs': ['tfjsWasm'] }, lines: [], backend: 'tfjsWasm()' }
  }
  if (computing?.backend === 'webgpu') {
    // Node has no WebGPU: there the usual backend takes its place.
    if (platform === 'node') return { lines: [], backend: undefined }
    return { imports: { '@resnet-ts/backend-webgpu': ['webgpu'] }, lines: [], backend: 'webgpu()' }
  }
  if (!computing && !profile) return { lines: [], backend: undefined }
  const options = { ...(computing && { threads: computing.threads }), ...(profile && { profile }) }
  return { imports: { '@resnet-ts/backend-wasm': ['wasm'] }, lines: [], backend: `wasm(${literal(options)})` }
}

function chosenFiles({ card, labels }: { readonly card: boolean; readonly labels: string | undefined }): string[] {
  const order = ['the weights', ...(card ? ['config.json'] : []), ...(labels === undefined ? [] : ['the names'])]
  return [
    `// Of <input type="file" id="weights" multiple>: ${order.join(', ')}.`,
    "const file = (index: number) => document.querySelector<HTMLInputElement>('#weights')!.files![index]!",
  ]
}

function textOf(name: string, platform: Platform, index: number): string {
  return platform === 'node' ? `readFile(${literal(name)}, 'utf8')` : `file(${index}).text()`
}

function labelsOf(name: string, platform: Platform, index: number): string {
  const text = `(await ${textOf(name, platform, index)})`
  // A list of names, or a name a line.
  return name.endsWith('.json') ? `JSON.parse${text}` : `${text}.trimEnd().split('\\n')`
}

/** The call of `load`, its options one to a line where they are long. */
function call(name: string | undefined, options: readonly string[]): string[] {
  if (options.length === 0) return [`const model = await load(${name ?? ''})`]
  // Options come second; without a name it is the one that `load` takes by itself.
  const first = name ?? "'cifar_resnet20'"
  const line = `const model = await load(${first}, { ${options.join(', ')} })`
  if (line.length <= 100) return [line]
  return [`const model = await load(${first}, {`, ...options.map((option) => `  ${option},`), '})']
}

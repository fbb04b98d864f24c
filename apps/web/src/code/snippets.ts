import { choosing, loading, photoIn } from './loading.js'
import { literal, type Part, programOf } from './program.js'
import type { Situation } from './situation.js'

/** Lines of TypeScript that do what a page shows. */
export interface Snippet {
  readonly id: string
  readonly title: string
  readonly about: string
  /** A whole module. */
  readonly code: string
}

/** The code for what is on screen. */
export function snippets(situation: Situation): readonly Snippet[] {
  return [
    classify(situation),
    where(situation),
    network(situation),
    inside(situation),
    speed(situation),
    onnx(situation),
  ]
}

function classify(situation: Situation): Snippet {
  const body: Part = {
    lines: [
      `const predictions = await model.classify(${photoIn(situation)})`,
      'for (const { label, probability } of predictions) console.log(label, probability)',
      'await model.dispose()',
    ],
  }
  return {
    id: 'classify',
    title: 'Classify the photo',
    about: 'The five likeliest classes, likeliest first.',
    code: programOf(loading(situation), choosing(situation), body),
  }
}

function where(situation: Situation): Snippet {
  const { explained, platform } = situation
  const question = [photoIn(situation), ...(explained === undefined ? [] : [String(explained)])].join(', ')
  const explain = [`const explanation = await model.explain(${question})`, 'const picture = explanation.overlay()']
  const write: Part =
    platform === 'node'
      ? {
          imports: { '@resnet-ts/vision': ['encodePng'], 'node:fs/promises': ['writeFile'] },
          lines: ["await writeFile('where.png', await encodePng(picture))"],
        }
      : {
          imports: { '@resnet-ts/vision': ['encodePng'] },
          lines: [
            'const png = (await encodePng(picture)) as Uint8Array<ArrayBuffer>',
            'const image = new Image()',
            "image.src = URL.createObjectURL(new Blob([png], { type: 'image/png' }))",
            'document.body.append(image)',
          ],
        }
  const body: Part = {
    ...write,
    lines: [...explain, ...write.lines, 'console.log(explanation.label, explanation.logit)', 'await model.dispose()'],
  }
  return {
    id: 'where',
    title: 'Where a class is seen',
    about: 'The class activation map, coloured over the photo.',
    code: programOf(loading(situation), choosing(situation), body),
  }
}

function network({ drawn }: Situation): Snippet {
  const { model, beside, block } = drawn
  const scope = block === undefined ? '' : `, { scope: ${literal(block)} }`
  const names = [model, ...(beside === undefined || beside === model ? [] : [beside])]
  return {
    id: 'network',
    title: names.length > 1 ? 'Two networks, their costs and drawings' : 'The network, its cost and its drawing',
    about: 'A network is a graph of plain data: shapes, costs, text and drawings are read from it.',
    code: programOf({
      imports: {
        '@resnet-ts/graph': ['cost', 'inferShapes', 'print'],
        '@resnet-ts/graph/diagram': ['toSvg'],
        '@resnet-ts/zoo': names,
      },
      lines: [
        `for (const model of [${names.join(', ')}]) {`,
        '  const graph = model()',
        '  const inputs = { image: [1, ...model.preprocess.size, 3] }',
        '  const { total } = cost(graph, inferShapes(graph, inputs))',
        '  console.log(model.modelName, total.parameters, total.macs)',
        '  console.log(print(graph, inputs))',
        `  console.log(toSvg(graph, inputs${scope}))`,
        '}',
      ],
    }),
  }
}

function inside(situation: Situation): Snippet {
  const block = situation.inside
  const found =
    block === undefined
      ? 'const [block] = residuals(model.graph)'
      : `const block = residuals(model.graph).find((residual) => residual.block === ${literal(block)})`
  const body: Part = {
    imports: { '@resnet-ts/graph/diagram': ['residuals'] },
    lines: [
      found,
      'const { shortcut, residual, sum } = block!',
      `const values = await model.features(${photoIn(situation)}, [shortcut, residual, sum])`,
      '// Feature maps [1, height, width, channels]: what came in, what the block adds, and their sum.',
      'for (const [name, { shape, data }] of Object.entries(values)) console.log(name, shape, data.length)',
      'await model.dispose()',
    ],
  }
  return {
    id: 'inside',
    title: 'Look into a block',
    about: 'What came in, what the block adds to it, and the sum.',
    code: programOf(loading(situation), choosing(situation), body),
  }
}

function speed(situation: Situation): Snippet {
  const { measured } = situation
  const start: Part =
    measured === undefined
      ? loading(situation, true)
      : {
          imports: {
            'resnet-ts': ['load'],
            '@resnet-ts/backend-wasm': ['wasm'],
            '@resnet-ts/zoo': ['initialise', measured],
          },
          lines: [
            `const weights = initialise(${measured}(), { seed: 1 })`,
            `const model = await load(${measured}, { weights, backends: [wasm({ profile: true })] })`,
          ],
        }
  const body: Part = {
    imports: { '@resnet-ts/graph': ['tensor'] },
    lines: [
      'const [height, width] = model.preprocess.size',
      'const pixels = () => tensor([1, height, width, 3], new Float32Array(height * width * 3))',
      '// The first run makes plans and takes memory.',
      'await model.predict(pixels())',
      'const start = performance.now()',
      'for (let run = 0; run < 10; run++) await model.predict(pixels())',
      'console.log((performance.now() - start) / 10)',
      'for (const { node, kernel, milliseconds } of model.describe().profile ?? []) console.log(node, kernel, milliseconds)',
      'await model.dispose()',
    ],
  }
  return {
    id: 'speed',
    title: 'Measure it',
    about: 'Milliseconds of one image, and of each layer.',
    code: programOf(start, body),
  }
}

function onnx(situation: Situation): Snippet {
  const { platform } = situation
  const write: Part =
    platform === 'node'
      ? { imports: { 'node:fs/promises': ['writeFile'] }, lines: ["await writeFile('model.onnx', onnx)"] }
      : {
          lines: [
            "const link = document.createElement('a')",
            'link.href = URL.createObjectURL(new Blob([onnx as Uint8Array<ArrayBuffer>]))',
            "link.download = 'model.onnx'",
            'link.click()',
          ],
        }
  const body: Part = {
    imports: { '@resnet-ts/onnx': ['exportOnnx'], ...write.imports },
    lines: [
      'const { labels, preprocess } = model',
      'const onnx = exportOnnx(model, { labels, preprocess })',
      ...write.lines,
      'console.log(onnx.length)',
      'await model.dispose()',
    ],
  }
  return {
    id: 'onnx',
    title: 'Write it as ONNX',
    about: 'The network and its weights in one file, for other runtimes.',
    code: programOf(loading(situation), body),
  }
}

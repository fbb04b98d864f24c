import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { fileNamed, share, wholeNumber, wholeNumbers } from './arguments.js'
import type { BenchArguments } from './commands/bench.js'
import type { CacheArguments, ClearArguments } from './commands/cache.js'
import type { ClassifyArguments } from './commands/classify.js'
import type { ConvertArguments } from './commands/convert.js'
import type { DownloadArguments } from './commands/download.js'
import type { EmbedArguments } from './commands/embed.js'
import type { EvalArguments } from './commands/eval.js'
import type { ExplainArguments } from './commands/explain.js'
import type { InspectArguments } from './commands/inspect.js'
import type { ModelsArguments } from './commands/models.js'
import type { SimilarArguments } from './commands/similar.js'
import type { SummaryArguments } from './commands/summary.js'
import type { Context } from './context.js'
import { backendNames, convertDTypes, summaryFormats } from './options.js'

// What a command does is imported when it is asked for, so that `--help` and the light commands start quickly.

/**
 * The command line: commands, options, help.
 *
 * @param signal - ends the work of a command early
 */
export function createProgram(signal: AbortSignal): Command {
  const program = new Command('resnet')
    .description('Classifies photographs with residual networks, and looks into the networks.')
    .version(version())
    .option('--verbose', 'print where an error comes from')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help tells how it is used)')
    .exitOverride()
  const context = async (): Promise<Context> => {
    const { createContext } = await import('./context.js')
    return createContext({ signal, verbose: program.opts().verbose === true })
  }
  addClassify(program, context)
  addEval(program, context)
  addExplain(program, context)
  addEmbed(program, context)
  addSimilar(program, context)
  addModels(program, context)
  addSummary(program, context)
  addInspect(program, context)
  addConvert(program, context)
  addDownload(program, context)
  addCache(program, context)
  addBench(program, context)
  return program
}

type ContextFactory = () => Promise<Context>

function addClassify(program: Command, context: ContextFactory): void {
  withModelOptions(program.command('classify'))
    .description('Tells what photographs show.')
    .argument('<image...>', 'paths or URLs of JPEG, PNG, WebP, GIF, AVIF or TIFF images')
    .option('--top <n>', 'how many classes to tell of each image', wholeNumber(1), 5)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'resnet classify examples/chelsea.png',
        'resnet classify photos/*.jpg --top 1 --json',
        'resnet classify cat.jpg --weights resnet50.safetensors --config config.json',
      ),
    )
    .action(async (images: string[], options: ClassifyArguments) => {
      const { classify } = await import('./commands/classify.js')
      await classify(images, options, await context())
    })
}

function addEval(program: Command, context: ContextFactory): void {
  withModelOptions(program.command('eval'))
    .description('Measures accuracy on a folder that holds a folder of images for each class, named as its label.')
    .argument('<folder>', 'the folder of class folders')
    .option('--top <n>', 'also count how often the class is among the n likeliest', wholeNumber(1), 5)
    .option('--predictions <file>', 'write what was predicted for each image, as CSV: file,label,predicted,probability')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'resnet eval cifar10/test',
        'resnet eval pets/test --weights pets.safetensors --config config.json --predictions pets.csv',
      ),
    )
    .action(async (folder: string, options: EvalArguments) => {
      const { evaluateFolder } = await import('./commands/eval.js')
      await evaluateFolder(folder, options, await context())
    })
}

function addExplain(program: Command, context: ContextFactory): void {
  withModelOptions(program.command('explain'))
    .description('Shows what in a photograph speaks for a class: its class activation map, laid over the photograph.')
    .argument('<image>', 'path or URL of an image')
    .requiredOption('--out <file>', 'where the overlay is written: a PNG file', fileNamed('.png'))
    .option('--class <class>', 'the index or the label of the class (default: the likeliest)')
    .option('--opacity <n>', 'how much of the photograph the map covers at its greatest, from 0 to 1', share, 0.7)
    .option('--json', 'print one JSON document, with the values of the map')
    .addHelpText(
      'after',
      examples(
        'resnet explain examples/chelsea.png --out overlay.png',
        'resnet explain photo.jpg --class "tabby" --out tabby.png --weights resnet50.safetensors --model resnet50',
      ),
    )
    .action(async (image: string, options: ExplainArguments) => {
      const { explain } = await import('./commands/explain.js')
      await explain(image, options, await context())
    })
}

function addEmbed(program: Command, context: ContextFactory): void {
  withModelOptions(program.command('embed'))
    .description('Writes the features of images, for search and clustering. Interrupted, it goes on where it was.')
    .argument('<image or folder...>', 'paths or URLs of images, and folders of them, at any depth')
    .requiredOption(
      '--out <file>',
      'where they are written; its extension says how: .npy, .jsonl or .parquet',
      fileNamed('.npy', '.jsonl', '.parquet'),
    )
    .option('--batch-size <n>', 'how many images are computed at once', wholeNumber(1, 1024), 16)
    .option('--force', 'make a file anew that is finished already')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'resnet embed photos --out photos.npy',
        'resnet embed holiday/*.jpg garden --out photos.parquet',
        'resnet embed photos --out photos.jsonl --model resnet50 --weights resnet50.safetensors',
      ),
    )
    .action(async (inputs: string[], options: EmbedArguments) => {
      const { embed } = await import('./commands/embed.js')
      await embed(inputs, options, await context())
    })
}

function addSimilar(program: Command, context: ContextFactory): void {
  withModelOptions(program.command('similar'))
    .description('Finds the images that are most similar to one, by the cosine of their features.')
    .argument('<image>', 'path or URL of an image')
    .requiredOption('--in <file>', 'features of images, as `resnet embed` writes them with the same model')
    .option('--top <n>', 'how many to find', wholeNumber(1), 10)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples('resnet similar cat.jpg --in photos.npy', 'resnet similar cat.jpg --in photos.parquet --top 3 --json'),
    )
    .action(async (image: string, options: SimilarArguments) => {
      const { similar } = await import('./commands/similar.js')
      await similar(image, options, await context())
    })
}

function addModels(program: Command, context: ContextFactory): void {
  program
    .command('models')
    .description('Lists the models: parameters, multiply-accumulates, input size, and the tags of their checkpoints.')
    .argument('[filter]', 'part of a name; or, with *, a whole one')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('resnet models', 'resnet models resnext', "resnet models 'resnet*2' --json"))
    .action(async (filter: string | undefined, options: ModelsArguments) => {
      const { listModels } = await import('./commands/models.js')
      await listModels(filter, options, await context())
    })
}

function addSummary(program: Command, context: ContextFactory): void {
  program
    .command('summary')
    .description('Shows a network, its shapes, parameters and multiply-accumulates, as a tree or as a diagram.')
    .argument('<model>', 'a name that `resnet models` lists, alone or with one of its tags: resnet50.a1_in1k')
    .option(
      '--depth <n>',
      'levels of the tree: 1 for stages, 2 for blocks, more for layers (default: 2); of a diagram: 1 for groups of blocks that are alike, 2 for every block (default: groups beyond 20 blocks)',
      wholeNumber(0),
    )
    .option(
      '--input-size <n>',
      "height and width of the image, in pixels (default: the model's own)",
      wholeNumber(1, 16384),
    )
    .addOption(
      new Option('--format <format>', 'what is printed (default: tree)').choices(summaryFormats).conflicts('json'),
    )
    .option('--scope <name>', 'the part that a diagram shows: a stage (layer2), or the layers of a block (layer2.0)')
    .addOption(new Option('--theme <theme>', 'the colours of an SVG (default: light)').choices(['light', 'dark']))
    .option('--json', 'the same as --format json: one JSON document, whole unless --depth is given')
    .addHelpText(
      'after',
      examples(
        'resnet summary resnet50',
        'resnet summary cifar_resnet20 --depth 9',
        'resnet summary resnet18 --json',
        'resnet summary resnet50 --format svg > resnet50.svg',
        'resnet summary resnet50 --format mermaid --scope layer2.0',
      ),
    )
    .action(async (name: string, options: SummaryArguments) => {
      const { summary } = await import('./commands/summary.js')
      await summary(name, options, await context())
    })
}

function addInspect(program: Command, context: ContextFactory): void {
  program
    .command('inspect')
    .description('Tells what a checkpoint holds: its format, whose names it bears, which model it is of, its tensors.')
    .argument(
      '<file>',
      'path, URL or hf:owner/name of a PyTorch, safetensors, ONNX, Keras, NumPy or TensorFlow.js file',
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('resnet inspect resnet50.safetensors', 'resnet inspect resnet20-12fca82f.th --json'))
    .action(async (file: string, options: InspectArguments) => {
      const { inspect } = await import('./commands/inspect.js')
      await inspect(file, options, await context())
    })
}

function addConvert(program: Command, context: ContextFactory): void {
  program
    .command('convert')
    .description('Writes a checkpoint in another format. ONNX holds the network as well, its labels and preprocessing.')
    .argument('<in>', 'path, URL or hf:owner/name of a PyTorch, safetensors, ONNX, Keras, NumPy or TensorFlow.js file')
    .argument(
      '<out>',
      'what is written; its extension says how: .safetensors, .npz or .onnx',
      fileNamed('.safetensors', '.npz', '.onnx'),
    )
    .addOption(new Option('--dtype <type>', 'how weights are stored (default: F32)').choices(convertDTypes))
    .option('--model <name>', 'for ONNX: a name that `resnet models` lists (default: the one that is recognised)')
    .option('--config <file>', "for ONNX: the checkpoint's card, with its labels and preprocessing")
    .addHelpText(
      'after',
      examples(
        'resnet convert resnet50.pth resnet50.safetensors --dtype F16',
        'resnet convert resnet50.safetensors resnet50.onnx --config config.json',
      ),
    )
    .action(async (from: string, to: string, options: ConvertArguments) => {
      const { convert } = await import('./commands/convert.js')
      await convert(from, to, options, await context())
    })
}

function addDownload(program: Command, context: ContextFactory): void {
  program
    .command('download')
    .description('Brings published weights into the cache, so that they are there without a network.')
    .argument(
      '<model...>',
      'names with weights: resnet50, resnet50.a1_in1k, microsoft/resnet-50, hf:owner/name@revision',
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples('resnet download resnet50', 'resnet download resnet18.IMAGENET1K_V1 microsoft/resnet-50 --json'),
    )
    .action(async (names: string[], options: DownloadArguments) => {
      const { downloadModels } = await import('./commands/download.js')
      await downloadModels(names, options, await context())
    })
}

function addCache(program: Command, context: ContextFactory): void {
  const cache = program
    .command('cache')
    .description('Looks after what was downloaded: files of the Hugging Face hub and of torchvision, also by Python.')
    .addHelpText('after', examples('resnet cache list', 'resnet cache verify', 'resnet cache clear resnet50.a1_in1k'))
  const model = 'a model: resnet50.a1_in1k, timm/resnet50.a1_in1k, resnet18-f37072fd.pth (default: all)'
  cache
    .command('list')
    .description('Lists the models that are there, or the files of one, with their sizes.')
    .argument('[model]', model)
    .option('--json', 'print one JSON document, file by file')
    .addHelpText('after', examples('resnet cache list', 'resnet cache list resnet50.a1_in1k --json'))
    .action(async (name: string | undefined, options: CacheArguments) => {
      const { listCached } = await import('./commands/cache.js')
      await listCached(name, options, await context())
    })
  cache
    .command('verify')
    .description('Reads files whole, and compares them with the digests that are their names.')
    .argument('[model]', model)
    .option('--json', 'print one JSON document, file by file')
    .addHelpText('after', examples('resnet cache verify', 'resnet cache verify microsoft/resnet-50'))
    .action(async (name: string | undefined, options: CacheArguments) => {
      const { verifyFiles } = await import('./commands/cache.js')
      await verifyFiles(name, options, await context())
    })
  cache
    .command('clear')
    .description('Removes models from the cache. Without a name, all of them, after a question.')
    .argument('[model]', model)
    .option('--yes', 'remove all without a question')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('resnet cache clear resnet50.a1_in1k', 'resnet cache clear --yes'))
    .action(async (name: string | undefined, options: ClearArguments) => {
      const { clearModels } = await import('./commands/cache.js')
      await clearModels(name, options, await context())
    })
}

function addBench(program: Command, context: ContextFactory): void {
  program
    .command('bench')
    .description('Measures how fast a network runs here: latency, images a second, load time, memory, on each backend.')
    .argument('<model>', 'a name that `resnet models` lists')
    .option('--weights <file>', 'a checkpoint of the model, a path or a URL (default: drawn weights, as fast as any)')
    .option('--config <file>', "the checkpoint's card, where it builds the model with other options")
    .addOption(
      new Option('--backend <name...>', 'what computes (default: all that run here but the reference)').choices(
        backendNames.filter((name) => name !== 'auto'),
      ),
    )
    .option('--threads <n,…>', 'numbers of threads (default: 1 and that of the cores)', wholeNumbers(1, 256))
    .addOption(
      new Option('--batch <n,…>', 'how many images are computed at once')
        .argParser(wholeNumbers(1, 1024))
        .default([1], '1'),
    )
    .option('--rounds <n>', 'how many runs are timed', wholeNumber(1, 1_000_000), 30)
    .option(
      '--input-size <n>',
      "height and width of the images, in pixels (default: the model's own)",
      wholeNumber(1, 16384),
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'resnet bench resnet50',
        'resnet bench resnet18 --backend wasm --threads 1,2,4 --batch 1,8',
        'resnet bench resnet50 --weights resnet50.safetensors --json',
      ),
    )
    .action(async (model: string, options: BenchArguments) => {
      const { bench } = await import('./commands/bench.js')
      await bench(model, options, await context())
    })
}

function withModelOptions(command: Command): Command {
  return command
    .option(
      '--model <name>',
      'a name that `resnet models` lists, alone or with a tag, or a repository of the hub (default: cifar_resnet20, embedded)',
    )
    .option(
      '--weights <file>',
      'a checkpoint of the model, as `resnet inspect` reads it: a path, a URL or hf:owner/name',
    )
    .option('--config <file>', "the checkpoint's card: a config.json as timm writes it for the Hugging Face hub")
    .addOption(new Option('--backend <name>', 'what computes').choices(backendNames).default('auto'))
    .option(
      '--threads <n>',
      'how many threads compute, where that can be chosen (default: as many as there are cores, at most 8; one for a small network)',
      wholeNumber(1, 256),
    )
}

function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n')
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

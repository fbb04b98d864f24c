import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { ClassifyArguments } from './commands/classify.js'
import type { EvalArguments } from './commands/eval.js'
import type { ModelsArguments } from './commands/models.js'
import type { SummaryArguments } from './commands/summary.js'
import type { Context } from './context.js'
import { backendNames } from './options.js'

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
  addModels(program, context)
  addSummary(program, context)
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

function addModels(program: Command, context: ContextFactory): void {
  program
    .command('models')
    .description('Lists the models: parameters, multiply-accumulates, input size, and the tags of embedded weights.')
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
    .description('Shows a network as a tree: output shapes, parameters and multiply-accumulates.')
    .argument('<model>', 'a name that `resnet models` lists, or with a tag: cifar_resnet20.cifar10')
    .option(
      '--depth <n>',
      'levels of the tree: 1 for stages, 2 for blocks, more for layers (default: 2)',
      wholeNumber(0),
    )
    .option(
      '--input-size <n>',
      "height and width of the image, in pixels (default: the model's own)",
      wholeNumber(1, 16384),
    )
    .option('--json', 'print one JSON document, whole unless --depth is given')
    .addHelpText(
      'after',
      examples('resnet summary resnet50', 'resnet summary cifar_resnet20 --depth 9', 'resnet summary resnet18 --json'),
    )
    .action(async (name: string, options: SummaryArguments) => {
      const { summary } = await import('./commands/summary.js')
      await summary(name, options, await context())
    })
}

function withModelOptions(command: Command): Command {
  return command
    .option('--model <name>', 'a name that `resnet models` lists (default: cifar_resnet20, with its embedded weights)')
    .option('--weights <file>', 'a safetensors checkpoint of the model: a path or a URL')
    .option('--config <file>', "the checkpoint's card: a config.json as timm writes it for the Hugging Face hub")
    .addOption(new Option('--backend <name>', 'what computes').choices(backendNames).default('auto'))
}

function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `from ${least}`
    throw new InvalidArgumentError(`It should be a whole number ${range}.`)
  }
}

function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n')
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

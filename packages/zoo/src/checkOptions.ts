import { describeValue, globalPoolKinds, OptionError } from '@resnet-ts/graph'
import type { ModelOptions, ResNetOptions } from './options.js'

type Checked = ModelOptions &
  Pick<ResNetOptions, 'name' | 'blocks'> &
  Partial<Pick<ResNetOptions, 'block' | 'channels' | 'pruned'>>

/** @throws {OptionError} naming the first option that is out of range */
export function checkOptions(options: Checked): void {
  const fail: Fail = (expected, found) => {
    throw new OptionError({ subject: `network '${options.name ?? 'resnet'}'`, expected, found })
  }
  checkStages(options, fail)
  checkHead(options, fail)
  const { shortcut = 'B', outputStride = 32, zeroInitResidual = false, dropRate, dropPathRate } = options
  if (!['A', 'B', 'C'].includes(shortcut)) fail('shortcut A, B or C', describeValue(shortcut))
  if (![8, 16, 32].includes(outputStride)) {
    fail('an outputStride that is the number 8, 16 or 32', describeValue(outputStride))
  }
  if (typeof zeroInitResidual !== 'boolean')
    fail('a zeroInitResidual of true or false', describeValue(zeroInitResidual))
  for (const [option, rate = 0] of Object.entries({ dropRate, dropPathRate })) {
    if (typeof rate !== 'number' || !(rate >= 0 && rate < 1)) fail(`a ${option} in [0, 1)`, describeValue(rate))
  }
}

type Fail = (expected: string, found: string) => never

function checkStages({ block, blocks, channels, pruned }: Checked, fail: Fail): void {
  if (blocks.length === 0) fail('at least one stage', 'none')
  for (const perStage of [block, channels, pruned]) {
    if (Array.isArray(perStage) && perStage.length !== blocks.length) {
      fail(`one entry for each of ${blocks.length} stages`, String(perStage.length))
    }
  }
}

function checkHead({ numClasses = 1000, globalPool = 'avg', includeTop = true }: ModelOptions, fail: Fail): void {
  const pools: readonly string[] = [...globalPoolKinds, 'none']
  if (!Number.isInteger(numClasses) || numClasses < 0) fail('a whole number of classes', describeValue(numClasses))
  if (!pools.includes(globalPool)) fail(`a globalPool of ${pools.join(', ')}`, describeValue(globalPool))
  if (globalPool === 'none' && numClasses > 0) fail("numClasses 0 with globalPool 'none'", describeValue(numClasses))
  if (typeof includeTop !== 'boolean') fail('an includeTop of true or false', describeValue(includeTop))
}

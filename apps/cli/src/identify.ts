import { type Checkpoint, recogniseNames, translate } from '@resnet-ts/weights'
import { type KeyShapes, type Recognised, recognise } from '@resnet-ts/zoo'

/** What is known of a checkpoint from the names and shapes of its tensors. */
export interface Identity {
  /** Whose names they are, for people; nothing when they are nobody's that is known. */
  readonly source: string | undefined
  /** The network that they are of; nothing when it is none of the zoo's. */
  readonly recognised: Recognised | undefined
}

const sources = {
  torchvision: 'timm or torchvision',
  huggingface: 'Hugging Face transformers',
  akamaster: 'akamaster, CIFAR',
  keras: 'Keras',
  'keras-v2': 'Keras, pre-activation',
  mxnet: 'MXNet, as in the ONNX zoo',
  'mxnet-v2': 'MXNet, pre-activation, as in the ONNX zoo',
} as const

/**
 * Tells whose names the tensors of a checkpoint bear, and which network they are of.
 *
 * @throws {CheckpointError} when two tensors would have one name
 */
export function identify(checkpoint: Checkpoint): Identity {
  const names = recogniseNames(shapesOf(checkpoint))
  return { source: names && sources[names.source], recognised: recognise(shapesOf(translate(checkpoint))) }
}

function shapesOf({ tensors }: Checkpoint): KeyShapes {
  return new Map([...tensors].map(([key, { shape }]) => [key, shape]))
}

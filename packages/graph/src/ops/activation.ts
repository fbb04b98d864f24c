import { type Op, requireOneOf } from './op.js'

/**
 * Element by element, as in `torch.nn.functional`: `relu`; `relu6`, min(max(x, 0), 6); `leakyRelu`, with slope 0.01;
 * `silu`, x·sigmoid(x), also called swish; `sigmoid`.
 */
export type ActivationKind = (typeof activationKinds)[number]

/** All activations there are. */
export const activationKinds = ['relu', 'relu6', 'leakyRelu', 'silu', 'sigmoid'] as const

/** Which activation. */
export interface ActivationAttributes {
  /** Which of them. */
  readonly kind: ActivationKind
}

export const activation: Op<ActivationAttributes> = {
  arity: [1, 1],
  type(inputs, { kind }, fail) {
    requireOneOf(activationKinds, kind, fail)
    return inputs[0]!
  },
  shape: (inputs) => inputs[0]!,
  print: ({ kind }) => kind,
}

import type { ActivationKind, FusedForms } from '@resnet-ts/graph'

/** The activations that tfjs's fused convolutions apply on every backend, by the names they give them. */
export const fusedActivations = {
  relu: 'relu',
  relu6: 'relu6',
  leakyRelu: 'leakyrelu',
  sigmoid: 'sigmoid',
} as const satisfies Partial<Record<ActivationKind, string>>

/** tfjs fuses bias and activation into a convolution, but adds no residual. */
export const fusedForms: FusedForms = {
  residual: false,
  activations: Object.keys(fusedActivations) as (keyof typeof fusedActivations)[],
}

import { type ErrorDetails, OptionError, ResnetError } from '@resnet-ts/graph'
import { ImageError } from '../errors.js'

/** An error in a form that a message can carry: a message takes a subclass for a plain `Error`. */
export type PortableError =
  | { readonly kind: 'ImageError' | 'OptionError'; readonly details: ErrorDetails }
  | { readonly kind: 'other'; readonly error: unknown }

export function toPortable(error: unknown): PortableError {
  if (!(error instanceof ResnetError)) return { kind: 'other', error }
  const { details } = error
  const kind = error instanceof ImageError ? 'ImageError' : 'OptionError'
  // Of causes, errors alone can be sent, whatever they hold.
  return { kind, details: { ...details, cause: details.cause instanceof Error ? details.cause : undefined } }
}

export function fromPortable(portable: PortableError): unknown {
  if (portable.kind === 'other') return portable.error
  return new (portable.kind === 'ImageError' ? ImageError : OptionError)(portable.details)
}

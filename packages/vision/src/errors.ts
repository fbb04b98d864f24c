import { ResnetError } from '@resnet-ts/graph'

/** An image that cannot be had: missing, unreadable, damaged, too large, or of no known kind. */
export class ImageError extends ResnetError {
  /** `ImageError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'ImageError'
}

/** What an unknown error says, on one line and without its full stop, to be put inside a sentence. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.trim().replace(/\s+/g, ' ').replace(/\.$/, '')
}

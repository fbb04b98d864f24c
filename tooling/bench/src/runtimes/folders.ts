import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { itsOnnxruntimeWeb } from '../peers/transformers.js'

/** The folder of this package. */
export const packageFolder = fileURLToPath(new URL('../../', import.meta.url))

/** The folder in which a package that this one depends on is installed. */
export function installedFolder(packageName: string): string {
  if (packageName !== itsOnnxruntimeWeb) return join(packageFolder, 'node_modules', packageName)
  // Its own dependencies lie where only it finds them.
  const require = createRequire(import.meta.resolve('@huggingface/transformers'))
  return dirname(dirname(require.resolve('onnxruntime-web')))
}

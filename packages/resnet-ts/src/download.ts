import type { FetchedFile, HubOptions } from '@resnet-ts/weights'
import { missingWeights } from './errors.js'
import { findOrigin } from './origin.js'

/**
 * Brings the weights that `load` takes for a name, and what describes them, into the cache: later it needs no network.
 *
 * @param name - `'resnet50'`, `'resnet50.a1_in1k'`, `'microsoft/resnet-50'` or `'hf:owner/name@revision'`
 * @returns the files of weights that are here; none for embedded ones, which come with their package
 * @throws {UnknownModelError} when no model has that name
 * @throws {MissingWeightsError} when no weights of that model are published, or the network is not to be used
 * @throws {OptionError} when a name has a tag that is not published, or a repository holds another network
 * @throws {HubError} when they cannot be had; the signal's reason once it is aborted
 */
export async function download(name: string, options: HubOptions = {}): Promise<readonly FetchedFile[]> {
  const origin = await findOrigin(name, options)
  if (!origin) throw missingWeights(name)
  return origin.files()
}

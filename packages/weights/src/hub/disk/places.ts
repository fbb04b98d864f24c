import { environment } from '../settings.js'
import type { Node } from './node.js'

/** `HF_HUB_CACHE`, or `hub` in `HF_HOME`, or in `huggingface` in `XDG_CACHE_HOME`, or `~/.cache/huggingface/hub`. */
export function defaultCacheDir(node: Node): string {
  const named = environment('HF_HUB_CACHE') ?? environment('HUGGINGFACE_HUB_CACHE')
  if (named !== undefined) return expand(node, named)
  const home = environment('HF_HOME')
  if (home !== undefined) return node.path.join(expand(node, home), 'hub')
  return node.path.join(cacheHome(node), 'huggingface', 'hub')
}

/** `hub/checkpoints` in `TORCH_HOME`, or in `torch` in `XDG_CACHE_HOME`, or in `~/.cache/torch`: where `torch.hub` has it. */
export function torchCheckpoints(node: Node, torchHome = environment('TORCH_HOME')): string {
  const home = torchHome === undefined ? node.path.join(cacheHome(node), 'torch') : expand(node, torchHome)
  return node.path.join(home, 'hub', 'checkpoints')
}

function cacheHome(node: Node): string {
  return expand(node, environment('XDG_CACHE_HOME') ?? node.path.join('~', '.cache'))
}

function expand({ os, path }: Node, place: string): string {
  return /^~(?=[\\/]|$)/.test(place) ? path.join(os.homedir(), place.slice(1)) : place
}

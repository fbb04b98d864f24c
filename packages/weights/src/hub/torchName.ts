import { quote } from '../text.js'
import { HubError } from './errors.js'

/** A file as torchvision publishes it. */
export interface TorchFile {
  readonly url: string
  /** `resnet50-11ad3fa6.pth`. */
  readonly name: string
  /** The beginning of its SHA-256, which its name carries: at least eight digits. */
  readonly sha256: string
}

/** The digits of a SHA-256 in the name of such a file; nothing when it has none. */
export function digestInName(name: string): string | undefined {
  return /^[\w.-]+-([0-9a-f]{8,64})\.\w+$/.exec(name)?.[1]
}

/** Offline, what is not in the cache cannot be had. */
export function notCached({ name }: TorchFile): HubError {
  return new HubError(
    {
      subject: quote(name),
      expected: 'it in the cache',
      found: 'nothing, and the network is not to be used',
      advice: 'download it once without HF_HUB_OFFLINE',
    },
    { kind: 'offline' },
  )
}

/** @throws {HubError} when the address is that of no such file */
export function torchFileOf(url: string): TorchFile {
  const address = URL.canParse(url) ? new URL(url) : undefined
  const name = address?.pathname.split('/').at(-1) ?? ''
  const sha256 = digestInName(name)
  if (address && /^https?:$/.test(address.protocol) && sha256 !== undefined) return { url: address.href, name, sha256 }
  throw new HubError(
    {
      subject: "address of a file of torchvision's",
      expected: "an http or https one that ends in '-', digits of a SHA-256 and an extension",
      found: quote(address ? address.origin + address.pathname : url),
    },
    { kind: 'settings' },
  )
}

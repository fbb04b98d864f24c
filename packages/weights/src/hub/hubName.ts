import { quote } from '../text.js'
import { HubError } from './errors.js'

/** A model of the hub. */
export interface HubName {
  /** `timm/resnet50.a1_in1k`. */
  readonly repo: string
  /** A branch, a tag or a commit. */
  readonly revision: string
}

const part = /^(?!.*(--|\.\.))[A-Za-z0-9_](?:[\w.-]{0,94}[A-Za-z0-9_])?$/

/**
 * Reads `owner/name`, `owner/name@revision`, or the same after `hf:`.
 *
 * @returns nothing when it is no such name
 */
export function parseHubName(text: string): HubName | undefined {
  const name = text.startsWith('hf:') ? text.slice(3) : text
  const at = name.indexOf('@')
  const repo = at < 0 ? name : name.slice(0, at)
  const revision = at < 0 ? 'main' : name.slice(at + 1)
  const parts = repo.split('/')
  if (parts.length !== 2 || !parts.every((each) => part.test(each)) || !isRevision(revision)) return undefined
  return { repo, revision }
}

/** @throws {HubError} when it is no name of the hub */
export function hubNameOf(name: string | HubName): HubName {
  const text = typeof name === 'string' ? name : `${name.repo}@${name.revision}`
  const parsed = parseHubName(text)
  if (parsed) return parsed
  throw new HubError(
    { subject: 'hub name', expected: "'owner/name' or 'owner/name@revision'", found: quote(text) },
    { kind: 'settings' },
  )
}

/** As messages show it: the revision where it is not the usual one. */
export function describeHubName({ repo, revision }: HubName): string {
  return quote(revision === 'main' ? repo : `${repo}@${revision}`)
}

/** Whether a revision is a whole commit, which always means the same files. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision)
}

/** Whether a path, which an index in a repository may have given, stays within the repository. */
export function isFilePath(path: string): boolean {
  return path.length < 500 && path.split('/').every(isSegment)
}

function isRevision(revision: string): boolean {
  return revision.length < 250 && revision.split('/').every((segment) => isSegment(segment) && !/\s/.test(segment))
}

/** No way out of the folder, on any system: no drive, device, separator or control character. */
function isSegment(segment: string): boolean {
  return !/^\.{0,2}$|[\\:*?"<>|\p{Cc}]|[. ]$/u.test(segment)
}

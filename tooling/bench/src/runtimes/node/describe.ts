import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { OptionError } from '@resnet-ts/graph'

/**
 * The versions of a Node: `Node 24.21.0, V8 13.6.233.17`.
 *
 * @param node - the executable
 * @throws {OptionError} when it is no Node
 */
export async function describeNode(node: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(node, ['-p', 'JSON.stringify(process.versions)'])
    const versions = JSON.parse(stdout) as { readonly node: string; readonly v8: string }
    return `Node ${versions.node}, V8 ${versions.v8}`
  } catch (cause) {
    const found = cause instanceof Error ? cause.message.split('\n', 1)[0]! : String(cause)
    throw new OptionError({ subject: `--node ${node}`, expected: 'the path of Node', found, cause })
  }
}

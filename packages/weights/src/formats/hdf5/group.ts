import { ByteReader } from '../byteReader.js'
import { expectSignature, type Message, messageTypes, readAddress, readerAt, readSized } from './header.js'

/** More entries than any group of a checkpoint has. */
const mostLinks = 100_000
const longestName = 1024

/** What is in a group: the addresses of objects by name. Links to other names or files are left out. */
export function readLinks(file: Uint8Array, messages: readonly Message[]): ReadonlyMap<string, number> {
  const links = new Map<string, number>()
  for (const { type, bytes } of messages) {
    const reader = new ByteReader(bytes, 'HDF5 group')
    if (type === messageTypes.symbolTable) readSymbolTable(file, reader, links)
    else if (type === messageTypes.link) readLink(reader, links)
    else if (type === messageTypes.linkInfo) checkLinkInfo(reader)
  }
  return links
}

/** A group as HDF5 has always written it: a B-tree of nodes of names, which are in a heap. */
function readSymbolTable(file: Uint8Array, reader: ByteReader, links: Map<string, number>): void {
  const tree = readAddress(reader)
  const heap = readAddress(reader)
  if (tree === undefined || heap === undefined) return
  const names = readHeap(file, heap)
  for (const { child } of treeLeaves(file, tree, { type: 0, keySize: 8 })) {
    const node = readerAt(file, child, 'symbol table')
    expectSignature(node, 'SNOD')
    node.take(2)
    for (let left = node.u16(); left > 0; left--) {
      const offset = node.u64()
      const address = readAddress(node)
      const cacheType = node.u32()
      node.take(20)
      // Type 2 is a link to another name.
      if (address !== undefined && cacheType !== 2) add(node, links, nameAt(names, offset), address)
    }
  }
}

function readHeap(file: Uint8Array, address: number): ByteReader {
  const reader = readerAt(file, address, 'heap')
  expectSignature(reader, 'HEAP')
  reader.take(4)
  const size = reader.u64()
  reader.take(8)
  const start = readAddress(reader) ?? reader.fail('the address of names', 'none')
  return new ByteReader(readerAt(file, start, 'heap').take(size), 'HDF5 heap')
}

function nameAt(names: ByteReader, offset: number): string {
  const bytes = names.bytes.subarray(offset, offset + longestName)
  const length = bytes.indexOf(0)
  if (length < 0) names.fail('a name that ends', `none at byte ${offset}`)
  return decodeName(bytes.subarray(0, length))
}

function readLink(reader: ByteReader, links: Map<string, number>): void {
  const version = reader.u8()
  if (version !== 1) reader.fail('a link of version 1', String(version))
  const flags = reader.u8()
  const type = flags & 8 ? reader.u8() : 0
  if (flags & 4) reader.take(8)
  if (flags & 16) reader.take(1)
  const name = decodeName(reader.take(readSized(reader, flags & 3)))
  const address = type === 0 ? readAddress(reader) : undefined
  if (address !== undefined) add(reader, links, name, address)
}

function checkLinkInfo(reader: ByteReader): void {
  reader.take(1)
  if (reader.u8() & 1) reader.take(8)
  if (readAddress(reader) !== undefined) {
    reader.fail('a group as Keras writes it', 'one of many tracked links', "write the file with libver='earliest'")
  }
}

function add(reader: ByteReader, links: Map<string, number>, name: string, address: number): void {
  if (links.has(name)) reader.fail('every name of a group once', 'one twice')
  if (links.size === mostLinks) reader.fail(`at most ${mostLinks} names in a group`, 'more')
  links.set(name, address)
}

function decodeName(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.slice())
}

interface TreeOptions {
  /** 0 for groups, 1 for chunks. */
  readonly type: 0 | 1
  readonly keySize: number
}

/** What the leaves of a B-tree of version 1 point to, each with the key before it. Every node is visited once. */
export function* treeLeaves(
  file: Uint8Array,
  root: number,
  { type, keySize }: TreeOptions,
): Generator<{ readonly key: Uint8Array; readonly child: number }> {
  const seen = new Set<number>()
  const stack: { address: number; level: number }[] = [{ address: root, level: 256 }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const reader = readerAt(file, next.address, 'tree')
    if (seen.has(next.address)) reader.fail('every node of a tree once', 'a loop')
    seen.add(next.address)
    expectSignature(reader, 'TREE')
    if (reader.u8() !== type) reader.fail('a tree of its own kind', 'another')
    const level = reader.u8()
    if (level >= next.level) reader.fail('levels that go down', `${level} under ${next.level}`)
    const count = reader.u16()
    reader.take(16)
    const inner: { address: number; level: number }[] = []
    for (let entry = 0; entry < count; entry++) {
      const key = reader.take(keySize)
      const child = readAddress(reader) ?? reader.fail('an address', 'none')
      if (level === 0) yield { key, child }
      else inner.push({ address: child, level })
    }
    stack.push(...inner.reverse())
  }
}

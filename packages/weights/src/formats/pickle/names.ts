import {
  type Fail,
  InertObject,
  PickledArray,
  PickledDType,
  PickledName,
  type PickledStorage,
  PickledTensor,
} from './values.js'

/**
 * All names that a pickle may give, and what stands for them here: a function of our own, a type, or nothing but the
 * name. Whatever is not in these lists is refused as soon as it is met.
 */

type Build = (args: readonly unknown[], fail: Fail) => unknown

/** Element types by PyTorch's name: `torch.float32`. */
const dtypes: ReadonlyMap<string, string> = new Map([
  ['float64', 'F64'],
  ['double', 'F64'],
  ['float32', 'F32'],
  ['float', 'F32'],
  ['float16', 'F16'],
  ['half', 'F16'],
  ['bfloat16', 'BF16'],
  ['float8_e4m3fn', 'F8_E4M3'],
  ['float8_e5m2', 'F8_E5M2'],
  ['complex64', 'C64'],
  ['complex128', 'C128'],
  ['int64', 'I64'],
  ['long', 'I64'],
  ['int32', 'I32'],
  ['int', 'I32'],
  ['int16', 'I16'],
  ['short', 'I16'],
  ['int8', 'I8'],
  ['uint8', 'U8'],
  ['uint16', 'U16'],
  ['uint32', 'U32'],
  ['uint64', 'U64'],
  ['bool', 'BOOL'],
])

/** Element types by the storages that hold them: `torch.FloatStorage`, `torch.cuda.FloatStorage`. */
const storages: ReadonlyMap<string, string> = new Map([
  ['DoubleStorage', 'F64'],
  ['FloatStorage', 'F32'],
  ['HalfStorage', 'F16'],
  ['BFloat16Storage', 'BF16'],
  ['ComplexFloatStorage', 'C64'],
  ['ComplexDoubleStorage', 'C128'],
  ['LongStorage', 'I64'],
  ['IntStorage', 'I32'],
  ['ShortStorage', 'I16'],
  ['CharStorage', 'I8'],
  ['ByteStorage', 'U8'],
  ['BoolStorage', 'BOOL'],
])

/** Storages without a type: each tensor has its own. */
const untyped: ReadonlySet<string> = new Set(
  ['UntypedStorage', '_UntypedStorage', 'TypedStorage', '_TypedStorage'].map((name) => `torch.storage.${name}`),
)

/** Bytes an element. */
export const bytesPerElement: ReadonlyMap<string, number> = new Map([
  ['C128', 16],
  ['F64', 8],
  ['C64', 8],
  ['I64', 8],
  ['U64', 8],
  ['F32', 4],
  ['I32', 4],
  ['U32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['I16', 2],
  ['U16', 2],
  ['I8', 1],
  ['U8', 1],
  ['BOOL', 1],
  ['F8_E4M3', 1],
  ['F8_E5M2', 1],
])

/** NumPy's codes of element types, and the safetensors names. */
export const numpyTypes: ReadonlyMap<string, string> = new Map([
  ['f8', 'F64'],
  ['f4', 'F32'],
  ['f2', 'F16'],
  ['i8', 'I64'],
  ['i4', 'I32'],
  ['i2', 'I16'],
  ['i1', 'I8'],
  ['u8', 'U64'],
  ['u4', 'U32'],
  ['u2', 'U16'],
  ['u1', 'U8'],
  ['b1', 'BOOL'],
])

/** What is called with arguments. */
const builders: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_tensor_v3', rebuildTypedTensor],
  ['torch._utils._rebuild_parameter', first],
  ['torch._utils._rebuild_parameter_with_state', first],
  ['torch._tensor._rebuild_from_type_v2', rebuildFromType],
  ['torch.Size', ([sizes], fail) => (Array.isArray(sizes) ? sizes : fail('a list of sizes', describe(sizes)))],
  ['torch.device', () => new InertObject('torch.device')],
  ['torch.serialization._get_layout', () => new InertObject('torch.layout')],
  ['torch.torch_version.TorchVersion', first],
  ['collections.OrderedDict', dictionary],
  ['collections.defaultdict', () => new Map()],
  ['collections.Counter', dictionary],
  ['argparse.Namespace', () => new InertObject('argparse.Namespace')],
  ['types.SimpleNamespace', () => new InertObject('types.SimpleNamespace')],
  ['copyreg._reconstructor', reconstruct],
  ['copy_reg._reconstructor', reconstruct],
  ['pathlib.Path', () => new InertObject('pathlib.Path')],
  ['pathlib.PosixPath', () => new InertObject('pathlib.PosixPath')],
  ['pathlib.WindowsPath', () => new InertObject('pathlib.WindowsPath')],
  ['_codecs.encode', encode],
  ...both('numpy.core.multiarray', 'numpy._core.multiarray', '_reconstruct', () => new PickledArray()),
  ...both('numpy.core.multiarray', 'numpy._core.multiarray', 'scalar', numpyScalar),
  ['numpy.dtype', numpyType],
  ...both('builtins', '__builtin__', 'set', collection),
  ...both('builtins', '__builtin__', 'frozenset', collection),
  ...both('builtins', '__builtin__', 'list', collection),
  ...both('builtins', '__builtin__', 'tuple', collection),
  ...both('builtins', '__builtin__', 'dict', dictionary),
  ...both('builtins', '__builtin__', 'bytes', byteString),
  ...both('builtins', '__builtin__', 'bytearray', byteString),
  ...both('builtins', '__builtin__', 'slice', () => new InertObject('slice')),
  ...both('builtins', '__builtin__', 'complex', () => new InertObject('complex')),
])

/** What only stands for itself. */
const marks: ReadonlySet<string> = new Set([
  ...['builtins', '__builtin__'].flatMap((module) =>
    ['int', 'long', 'float', 'bool', 'str', 'unicode', 'object'].map((name) => `${module}.${name}`),
  ),
  ...[...storages.keys()].flatMap((name) => [`torch.${name}`, `torch.cuda.${name}`]),
  ...[...dtypes.keys()].map((name) => `torch.${name}`),
  ...untyped,
  'torch.strided',
  'torch.Tensor',
  'torch.nn.parameter.Parameter',
  'torch.nn.parameter.Buffer',
  'numpy.ndarray',
])

/** Whether a pickle may give this name. */
export function isKnownName(path: string): boolean {
  return builders.has(path) || marks.has(path)
}

/** What calling this name gives: our own reading of its arguments. Nothing of Python is imported, or called. */
export function callName(callee: unknown, args: unknown, fail: Fail): unknown {
  if (!(callee instanceof PickledName)) return fail('a name to call', describe(callee))
  if (!Array.isArray(args)) return fail(`the arguments of ${callee.path}`, describe(args))
  const build = builders.get(callee.path)
  return build ? build(args, fail) : fail('a name that can be called', `'${callee.path}'`)
}

/** The storage that a persistent id stands for: `('storage', type, key, location, length, view)`. */
export function storageOf(id: unknown, fail: Fail): PickledStorage {
  const wrong = (): never => fail("a persistent id ('storage', type, key, location, length)", describe(id))
  if (!Array.isArray(id) || id[0] !== 'storage' || !(id[1] instanceof PickledName)) return wrong()
  const [, { path }, key, , length, view] = id as [string, PickledName, unknown, unknown, unknown, unknown]
  if (typeof key !== 'string' || !isCount(length)) return wrong()
  const dtype = storages.get(path.replace(/^torch\.(cuda\.)?/, ''))
  if (dtype === undefined && !untyped.has(path)) return wrong()
  if (!Array.isArray(view)) return { dtype, key, length, offset: 0 }
  const [, offset, viewLength] = view as unknown[]
  if (!isCount(offset) || !isCount(viewLength) || offset + viewLength > length) {
    return fail('a view within its storage', describe(view))
  }
  return { dtype, key, length, offset }
}

/** A pickled value in a few words, for messages. */
export function describe(value: unknown): string {
  if (value instanceof PickledName) return `the name '${value.path}'`
  if (value instanceof InertObject) return `an object of class '${value.path}'`
  if (value instanceof PickledTensor) return 'a tensor'
  if (value instanceof PickledArray) return 'a NumPy array'
  if (value instanceof Map) return 'a dictionary'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value === null) return 'None'
  return typeof value === 'string' ? 'text' : `a ${typeof value}`
}

function both(old: string, now: string, name: string, build: Build): [string, Build][] {
  return [old, now].map((module) => [`${module}.${name}`, build])
}

function first(args: readonly unknown[]): unknown {
  return args[0] ?? null
}

/** `(storage, offset, shape, strides, …)`. */
function rebuildTensor(args: readonly unknown[], fail: Fail): PickledTensor {
  const storage = args[0] as PickledStorage | undefined
  if (!isStorage(storage) || storage.dtype === undefined) return fail('a typed storage', describe(args[0]))
  return tensorOf(storage, storage.dtype, args, fail)
}

/** `(storage, offset, shape, strides, requires_grad, hooks, dtype, …)`. */
function rebuildTypedTensor(args: readonly unknown[], fail: Fail): PickledTensor {
  const [storage, type] = [args[0], args[6]]
  if (!isStorage(storage)) return fail('a storage', describe(storage))
  const dtype = type instanceof PickledName ? dtypes.get(type.path.replace(/^torch\./, '')) : undefined
  return dtype ? tensorOf(storage, dtype, args, fail) : fail('an element type', describe(type))
}

function tensorOf(storage: PickledStorage, dtype: string, args: readonly unknown[], fail: Fail): PickledTensor {
  const [, offset, shape, strides] = args
  if (!isCount(offset) || !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length) {
    return fail('an offset, a shape and its strides', 'something else')
  }
  return new PickledTensor({ storage, dtype, offset, shape, strides })
}

/** `(function, type, arguments, state)`. */
function rebuildFromType(args: readonly unknown[], fail: Fail): unknown {
  const [build, , given] = args
  const path = build instanceof PickledName ? build.path : ''
  if (!/^torch\._utils\._rebuild_(tensor(_v[23])?|parameter)$/.test(path)) {
    return fail('a function that rebuilds a tensor', describe(build))
  }
  return callName(build, given, fail)
}

function dictionary(args: readonly unknown[], fail: Fail): unknown {
  const [content] = args
  if (content === undefined) return new Map()
  if (content instanceof Map) return content
  if (!Array.isArray(content)) return fail('pairs for a dictionary', describe(content))
  const pairs = content.map((pair) => (Array.isArray(pair) && pair.length === 2 ? pair : fail('pairs', describe(pair))))
  return new Map(pairs as [unknown, unknown][])
}

function collection(args: readonly unknown[], fail: Fail): unknown {
  const [items = []] = args
  return Array.isArray(items) ? items : fail('a list of items', describe(items))
}

/** Protocol 2 of Python 2 makes objects so. */
function reconstruct(args: readonly unknown[], fail: Fail): unknown {
  return callName(args[0], [], fail)
}

/** `(text, 'latin1')`: how protocol 2 holds bytes. */
function encode(args: readonly unknown[], fail: Fail): Uint8Array {
  const [text, encoding] = args
  if (typeof text !== 'string' || encoding !== 'latin1') return fail('text in latin1', describe(text))
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
  return bytes
}

function byteString(args: readonly unknown[], fail: Fail): unknown {
  const [content = new Uint8Array(), encoding] = args
  if (content instanceof Uint8Array) return content
  return typeof content === 'string' ? encode([content, encoding], fail) : fail('bytes', describe(content))
}

function numpyType(args: readonly unknown[], fail: Fail): unknown {
  const [code] = args
  return typeof code === 'string' ? new PickledDType(code, numpyTypes.get(code)) : fail('a type code', describe(code))
}

/** `(dtype, bytes)`: a metric, such as the best accuracy. Its value is not needed. */
function numpyScalar(): InertObject {
  return new InertObject('numpy.scalar')
}

function isStorage(value: unknown): value is PickledStorage {
  return typeof value === 'object' && value !== null && 'key' in value && 'length' in value
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** PyTorch and NumPy have at most 64 dimensions. */
export function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= 64 && value.every(isCount)
}

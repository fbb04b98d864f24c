import { describe, expect, test } from 'vitest'
import { CheckpointError } from '../../errors.js'
import { unpickle } from './unpickle.js'
import { InertObject } from './values.js'

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const load = (text: string) => unpickle(bytesOf(text), 0, { subject: 'pickle' }).value

function refusal(text: string | Uint8Array): string {
  try {
    unpickle(typeof text === 'string' ? bytesOf(text) : text, 0, { subject: 'pickle' })
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError)
    return (error as CheckpointError).message
  }
  return 'no refusal'
}

describe('reads', () => {
  test.each([
    ['protocol 0: None', 'N.', null],
    ['protocol 0: a number', 'I42\n.', 42],
    ['protocol 0: booleans', '(I00\nI01\nl.', [false, true]],
    ['protocol 0: a long', 'L-123456789012345678901L\n.', -123456789012345678901n],
    ['protocol 0: a float', 'F-1.5\n.', -1.5],
    ['protocol 0: text', "S'abc'\n.", 'abc'],
    ['protocol 0: unicode', 'V\\u00e9\xe8\n.', 'éè'],
    ['protocol 0: a dictionary', "(dp0\nS'a'\nI1\ns.", new Map([['a', 1]])],
    ['protocol 0: a tuple and the memo', '(I1\nI2\ntp0\n0g0\n.', [1, 2]],
    ['protocol 1: numbers', '(K\x07M\x01\x02J\xff\xff\xff\xffG\x3f\xf8\x00\x00\x00\x00\x00\x00l.', [7, 513, -1, 1.5]],
    ['protocol 1: text', '(U\x02abT\x03\x00\x00\x00cdeX\x02\x00\x00\x00\xc3\xa9l.', ['ab', 'cde', 'é']],
    ['protocol 2: small tuples', '\x80\x02K\x01\x85K\x01K\x02\x86\x86.', [[1], [1, 2]]],
    ['protocol 2: longs', '\x80\x02(\x8a\x00\x8a\x01\xff\x8a\x02\x00\x01l.', [0, -1, 256]],
    ['protocol 2: booleans', '\x80\x02\x88\x89\x86.', [true, false]],
    ['protocol 3: bytes', '\x80\x03C\x02ab.', bytesOf('ab')],
    ['protocol 4: frames, short text, the memo', '\x80\x04\x95\x05\0\0\0\0\0\0\0\x8c\x01a\x94h\x00\x86.', ['a', 'a']],
    ['protocol 4: sets', '\x80\x04\x8f(K\x01K\x02\x90.', [1, 2]],
    ['protocol 4: frozen sets', '\x80\x04(K\x01\x91.', [1]],
    ['protocol 5: a bytearray', '\x80\x05\x96\x01\0\0\0\0\0\0\0a.', bytesOf('a')],
    ['an OrderedDict', '\x80\x02ccollections\nOrderedDict\n)RK\x01K\x02s.', new Map([[1, 2]])],
    ['an OrderedDict of pairs', 'ccollections\nOrderedDict\n((K\x01K\x02l\x85R.', undefined],
    ['bytes in protocol 2', '\x80\x02c_codecs\nencode\nX\x02\0\0\0\xc3\xa9X\x06\0\0\0latin1\x86R.', bytesOf('\xe9')],
    ['a namespace', '\x80\x02cargparse\nNamespace\n)\x81}X\x02\0\0\0lrK\x01sb.', new InertObject('argparse.Namespace')],
  ])('%s', (_, text, value) => {
    if (value === undefined) expect(refusal(text)).toMatch(/: expected/)
    else expect(load(text)).toEqual(value)
  })

  test('where a pickle ends', () => {
    expect(unpickle(bytesOf('..K\x01.K\x02.'), 2, { subject: 'pickle' })).toEqual({ value: 1, end: 5 })
  })

  test('a list that holds itself', () => {
    const list = load(']q\x00h\x00a.') as unknown[]
    expect(list[0]).toBe(list)
  })
})

describe('refuses, and calls nothing', () => {
  test.each([
    ['os.system', "cos\nsystem\n(S'echo hacked'\ntR."],
    ['posix.system', '\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02ls\x85R.'],
    ['builtins.eval', "cbuiltins\neval\n(S'1'\ntR."],
    ['builtins.getattr', 'cbuiltins\ngetattr\n.'],
    ['__builtin__.exec', 'c__builtin__\nexec\n.'],
    ['subprocess.Popen', "(S'ls'\nisubprocess\nPopen\n."],
    ['builtins.__import__', '(cbuiltins\n__import__\no.'],
  ])('%s', (name, text) => {
    expect(refusal(text)).toBe(
      `pickle: expected only names that rebuild tensors, found '${name}'; loading this file in Python could run code of its ` +
        'maker: do not, and fetch the checkpoint again, as safetensors, from a source that you trust.',
    )
  })

  test.each([
    'torch.nn.modules.linear.Linear',
    'torchvision.models.resnet.ResNet',
    '__main__.Net',
    'torch.load',
    'torch.hub.load',
    'torch._utils._rebuild_qtensor',
    'numpy.load',
    'collections.OrderedDict.fromkeys',
    'torch.__proto__',
    'constructor.constructor',
  ])('%s', (path) => {
    const module = path.slice(0, path.lastIndexOf('.'))
    expect(refusal(`c${module}\n${path.slice(module.length + 1)}\n.`)).toMatch(
      /only names that rebuild tensors, found '.*'; it holds Python objects, .* re-save it with torch\.save\(model\.state_dict/,
    )
  })

  test.each([
    ['extensions', '\x80\x02\x82\x01.', 'expected an instruction that checkpoints use, found 0x82 at byte 2.'],
    ['buffers out of band', '\x80\x05\x97.', 'found 0x97'],
    ['later protocols', '\x80\x06N.', 'expected pickle protocol 0 to 5, found 6.'],
    ['an unknown instruction', 'z.', 'found 0x7a at byte 0.'],
    ['persistent ids where there are none', "S'a'\nQ.", 'expected no persistent ids, found one.'],
    ['an empty stack', '.', 'expected a value on the stack, found none'],
    ['a mark for a value', '(.', 'expected a value on the stack, found a mark'],
    ['a missing mark', 'K\x01t.', 'expected a mark on the stack, found none'],
    ['a missing memo', 'h\x05.', 'expected a value that was put in the memo, found none at 5.'],
    ['no end', 'K\x01', 'expected 1 more bytes at byte 2, found 0 up to the end'],
    ['a call of a number', 'K\x01)R.', 'expected a name to call, found a number.'],
    ['a call of a type', 'ctorch\nfloat32\n)R.', "expected a name that can be called, found 'torch.float32'."],
    ['a list as a dictionary', ']K\x01K\x02s.', 'expected a dictionary to fill, found a list of 0.'],
    ['a dictionary as a list', '}K\x01a.', 'expected a list to append to, found a dictionary.'],
    ['a key without a value', '}(K\x01u.', 'expected keys with their values, found 1 items.'],
    ['half a surrogate pair', 'X\x03\0\0\0\xed\xa0\x80.', 'expected text in UTF-8'],
    ['a line without end', `I${'1'.repeat(5000)}\n.`, 'expected the end of a line within 4096 bytes'],
    ['no number', 'I1_0\n.', "expected a whole number, found '1_0'."],
    ['a number of a thousand digits', `L${'1'.repeat(1000)}L\n.`, 'expected a whole number'],
    ['a long of 4 GB', '\x8b\xff\xff\xff\xff.', 'expected a whole number of at most 255 bytes'],
    ['text beyond the end', 'X\xff\xff\xff\x7fa.', 'more bytes at byte 5, found 2 up to the end'],
    ['a tensor of nothing', 'ctorch._utils\n_rebuild_tensor_v2\n)R.', 'expected a typed storage'],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toContain(message)
  })

  test.each([
    ['a million dictionaries', '}'],
    ['a million marks', '('],
    ['a million places in the memo', 'N\x94'],
  ])('%s, in time', (_, piece) => {
    // Of this process, whatever else the machine does: in microseconds.
    const started = process.cpuUsage()
    expect(refusal(`N${piece.repeat(1_000_000)}.`)).toMatch(
      /a pickle of the size of a checkpoint’s, found one of far more/,
    )
    expect(process.cpuUsage(started).user).toBeLessThan(1e6)
  })

  test('bytes that are made again and again', () => {
    const text = `c_codecs\nencode\np0\n0X${'\0\0\x10\0'}${'a'.repeat(2 ** 20)}X\x06\0\0\0latin1\x86p1\n0`
    expect(refusal(`${text}${'g0\ng1\nR0'.repeat(1000)}N.`)).toMatch(/one of far more/)
  })
})

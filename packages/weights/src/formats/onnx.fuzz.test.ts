import { fixture } from '../testing/fixtures.js'
import { fuzz } from '../testing/fuzz.js'
import { parseOnnx } from './onnx.js'

// Files that are invented rather than mutated are tried by the codec's own tests, in packages/onnx.
fuzz('ONNX', {
  files: Object.fromEntries(
    ['tiny.onnx', 'tiny-folded.onnx', 'tiny-by-hand.onnx'].map((name) => [name, fixture(name)]),
  ),
  parse: parseOnnx,
})

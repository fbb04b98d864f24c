import { readFileSync } from 'node:fs'

/** A file that the onnx package or PyTorch wrote (`tooling/golden/make_onnx.py`). */
export function fixture(name: 'storages' | 'external' | 'torch' | 'torch-folded'): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../fixtures/${name}.onnx`, import.meta.url)))
}

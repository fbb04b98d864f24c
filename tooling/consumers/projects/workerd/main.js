import { wasm } from '@resnet-ts/backend-wasm'
import photo from 'photo.png'
import relaxed from 'relaxed.wasm'
import { load } from 'resnet-ts'
import simd from 'simd.wasm'

const binaries = { relaxed, simd }

export default {
  async test() {
    const model = await load('cifar_resnet20', {
      backends: [wasm({ worker: false, binary: (name) => binaries[name] })],
    })
    const [best] = await model.classify(photo)
    console.log(JSON.stringify(best))
  },
}

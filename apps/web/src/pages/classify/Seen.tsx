import { Bitmap } from '../../components/Bitmap.js'
import type { ModelInfo } from '../../worker/api.js'

/** What is left of a photograph when the network gets it. */
export function Seen({ seen, model }: { readonly seen: ImageBitmap; readonly model: ModelInfo }) {
  const [height, width] = model.preprocess.size
  return (
    <div class="seen">
      <Bitmap bitmap={seen} label="The photo as the network sees it" />
      <p>
        <strong>
          {width} × {height}
        </strong>{' '}
        pixels are all that the network sees: the photo made smaller, and its middle cut out.
      </p>
    </div>
  )
}

import { Bitmap } from '../../components/Bitmap.js'
import { Icon } from '../../components/Icon.js'
import { explained, type Photo, photo, result, work } from '../../state/photo.js'
import { useDropAndPaste } from './drop.js'

const busy = { opening: 'Opening the photo…', classifying: 'Looking…', explaining: 'Finding where…' }

/** The photograph, with what was found on it; before there is one, the place for it. */
export function Photograph() {
  const over = useDropAndPaste()
  return (
    <div class="photograph" data-over={over} data-busy={work.value !== undefined}>
      {photo.value ? <Shown photo={photo.value} /> : <Place />}
      {work.value && (
        <p class="photograph-work" role="status">
          {busy[work.value]}
        </p>
      )}
    </div>
  )
}

function Place() {
  return (
    <div class="photograph-place">
      <Icon name="photo" size={40} />
      <p>
        <strong>Drop a photo here</strong>
        <span>or paste it, choose a file, use the camera, or take one of the examples</span>
      </p>
    </div>
  )
}

function Shown({ photo }: { readonly photo: Photo }) {
  const { display, name } = photo
  const best = result.value?.predictions[0]
  const place = explained.value && result.value?.predictions.find(({ index }) => index === explained.value?.index)
  return (
    <figure class="photograph-shown" style={{ '--ratio': String(display.width / display.height) }}>
      <Bitmap bitmap={display} label={`The photo ${name}${best ? `: ${best.label}` : ''}`} />
      {explained.value && (
        <Bitmap
          class="photograph-overlay"
          bitmap={explained.value.overlay}
          label={`Where ${place?.label ?? 'the class'} is seen, coloured over the photo`}
        />
      )}
    </figure>
  )
}

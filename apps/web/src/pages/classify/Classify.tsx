import { Notice } from '../../components/Notice.js'
import { stream } from '../../state/camera.js'
import { loadFailure } from '../../state/model.js'
import { photo, photoFailure } from '../../state/photo.js'
import { Answer } from './Answer.js'
import { Camera } from './Camera.js'
import './classify.css'
import { Photograph } from './Photograph.js'
import { Sources } from './Sources.js'

export function Classify() {
  return (
    <div class="page classify" data-empty={photo.value === undefined && stream.value === undefined}>
      <h1>
        What is in the photo?
        <small>It is looked at here, on this device, and goes nowhere else.</small>
      </h1>
      <section class="classify-photo" aria-label="The photo">
        {stream.value ? <Camera stream={stream.value} /> : <Photograph />}
        <Sources camera />
      </section>
      <section class="classify-answer" aria-label="What the network answers">
        <Failures />
        <Answer />
      </section>
    </div>
  )
}

function Failures() {
  return (
    <>
      {[photoFailure, loadFailure].map(
        (failure) =>
          failure.value !== undefined && (
            <Notice
              key={failure.value}
              kind="failure"
              onClose={() => {
                failure.value = undefined
              }}
            >
              {failure.value}
            </Notice>
          ),
      )}
    </>
  )
}

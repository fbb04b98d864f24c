import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../../components/Icon.js'
import { stopCamera, watch } from '../../state/camera.js'
import { openPhoto } from '../../state/photo.js'

/** What the camera sees, classified frame by frame. */
export function Camera({ stream }: { readonly stream: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const element = video.current!
    const controller = new AbortController()
    element.srcObject = stream
    void watch(element, controller.signal)
    return () => {
      controller.abort()
      element.srcObject = null
    }
  }, [stream])
  // Who goes to another page wants no camera on.
  useEffect(() => stopCamera, [])
  const take = async () => {
    const taken = await pictureOf(video.current!)
    stopCamera()
    await openPhoto(taken, 'camera.png')
  }
  return (
    <div class="photograph camera">
      <video ref={video} autoplay muted playsInline aria-label="What the camera sees" />
      <div class="camera-actions">
        <button type="button" class="button strong" onClick={take}>
          <Icon name="camera" size={18} />
          Take this one
        </button>
        <button type="button" class="button" onClick={stopCamera}>
          <Icon name="stop" size={18} />
          Stop
        </button>
      </div>
    </div>
  )
}

async function pictureOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
  canvas.getContext('2d')!.drawImage(video, 0, 0)
  return canvas.convertToBlob()
}

import { signal } from '@preact/signals'
import { isAbort } from '../remote/protocol.js'
import type { Classification } from '../worker/api.js'
import { model } from './model.js'
import { photoFailure } from './photo.js'
import { bench } from './workers.js'

/** What the camera sees, while it is on. */
export const stream = signal<MediaStream | undefined>(undefined)
/** What the model says of the latest frame. */
export const live = signal<(Classification & { readonly perSecond: number }) | undefined>(undefined)

/** How much of the rate before counts in the next: so that the number can be read. */
const inertia = 0.85

export async function startCamera(): Promise<void> {
  photoFailure.value = undefined
  try {
    if (!navigator.mediaDevices) throw new DOMException('a page that is not served by https has no camera')
    stream.value = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
    })
  } catch (error) {
    photoFailure.value = refusalOf(error as Error)
  }
}

export function stopCamera(): void {
  for (const track of stream.peek()?.getTracks() ?? []) track.stop()
  stream.value = undefined
  live.value = undefined
}

/** The longer side of a frame as it is classified, in pixels: more than any network sees, and quickly copied. */
const frameSide = 640

/**
 * Classifies one frame after another until the signal is aborted, each as soon as the one before has its answer; none before
 * there is a model.
 */
export async function watch(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  const canvas = new OffscreenCanvas(1, 1)
  let last = performance.now()
  while (!signal.aborted) {
    try {
      await nextFrame(video, signal)
      if (!model.peek()) {
        last = performance.now()
        continue
      }
      const frame = copyOf(video, canvas)
      const classified = await bench.call('frame', frame, { signal, transfer: [frame] })
      const now = performance.now()
      const rate = 1000 / (now - last)
      const before = live.peek()?.perSecond ?? rate
      last = now
      live.value = { ...classified, perSecond: before * inertia + rate * (1 - inertia) }
    } catch (error) {
      if (signal.aborted || isAbort(error)) return
      photoFailure.value = (error as Error).message
      return stopCamera()
    }
  }
}

/** A copy by way of a canvas: not every browser makes a bitmap of a video. */
function copyOf(video: HTMLVideoElement, canvas: OffscreenCanvas): ImageBitmap {
  const scale = Math.min(1, frameSide / Math.max(video.videoWidth, video.videoHeight))
  canvas.width = Math.round(video.videoWidth * scale)
  canvas.height = Math.round(video.videoHeight * scale)
  canvas.getContext('2d')!.drawImage(video, 0, 0, canvas.width, canvas.height)
  return canvas.transferToImageBitmap()
}

/** Waits for a frame that has not been seen yet. */
function nextFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      video.cancelVideoFrameCallback(handle)
      reject(signal.reason)
    }
    const handle = video.requestVideoFrameCallback(() => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    })
    signal.addEventListener('abort', giveUp)
  })
}

function refusalOf({ name, message }: Error): string {
  if (name === 'NotAllowedError') return 'The camera was not allowed. Its setting is beside the address of this page.'
  if (name === 'NotFoundError') return 'There is no camera here.'
  return `The camera could not be had: ${message}`
}

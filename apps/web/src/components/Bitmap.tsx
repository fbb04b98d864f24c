import { useEffect, useRef } from 'preact/hooks'

interface BitmapProps {
  readonly bitmap: ImageBitmap
  /** What is seen, for those who do not see it; empty for what words beside it say already. */
  readonly label: string
  readonly class?: string | undefined
}

/** A picture that a worker has made. */
export function Bitmap({ bitmap, label, class: className }: BitmapProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    canvas.current?.getContext('2d')?.drawImage(bitmap, 0, 0)
  }, [bitmap])
  const { width, height } = bitmap
  if (label === '') return <canvas ref={canvas} class={className} width={width} height={height} />
  return <canvas ref={canvas} class={className} width={width} height={height} role="img" aria-label={label} />
}

import { useEffect, useMemo } from 'preact/hooks'

/** A picture that is at hand as a file's text. */
export function ObjectImage(props: {
  readonly content: string
  readonly type: string
  readonly alt: string
  readonly class?: string | undefined
}) {
  const { content, type, alt, class: className } = props
  const address = useMemo(() => URL.createObjectURL(new Blob([content], { type })), [content, type])
  useEffect(() => () => URL.revokeObjectURL(address), [address])
  return <img class={className} src={address} alt={alt} />
}

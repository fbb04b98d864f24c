import picocolors from 'picocolors'

export type Colours = ReturnType<typeof picocolors.createColors>

/** Colours for a terminal that welcomes them (https://no-color.org); for anything else, ones that do nothing. */
export function coloursFor(stream: NodeJS.WriteStream): Colours {
  const { NO_COLOR: refused, TERM: terminal } = process.env
  return picocolors.createColors(stream.isTTY === true && !refused && terminal !== 'dumb')
}

/** Text from elsewhere as one line that a terminal shows as it is: a name of a file or a class may hold anything. */
export function printable(text: string): string {
  return text.replaceAll(/\s*[\r\n]\s*/g, ' ').replaceAll(/\p{Cc}/gu, '\ufffd')
}

/** How many columns of a terminal a text takes, colours and wide characters aside. */
export function widthOf(text: string): number {
  return [...text].length
}

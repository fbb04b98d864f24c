/** What was thrown, in a line; tfjs also throws objects that are no errors. */
export function reasonOf(thrown: unknown): string {
  const message = (thrown as { readonly message?: unknown } | undefined)?.message
  return (typeof message === 'string' ? message : String(thrown)).split('\n', 1)[0]
}

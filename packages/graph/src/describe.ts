/** Any value in a few words, for messages. It takes whatever comes, and does not throw. */
export function describeValue(value: unknown): string {
  if (!Array.isArray(value)) return describeItem(value)
  const items = Array.from(value.slice(0, 8), describeItem)
  return `[${items.join(', ')}${value.length > 8 ? ', …' : ''}]`
}

function describeItem(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`
  if (Array.isArray(value)) return 'a list'
  if (isRecord(value)) return 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}

/** Whether a value has fields: an object, but no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

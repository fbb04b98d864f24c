import { OptionError } from '@resnet-ts/graph'

/**
 * The classes' names in a file: a line each; or JSON, a list of names, an object of them by index, as Keras has it
 * (`{ "0": ["n01440764", "tench"] }`), or a card with `label_names`.
 *
 * @throws {OptionError} when it is none of these
 */
export async function readLabels(file: File): Promise<readonly string[]> {
  const text = await file.text()
  const labels = /^\s*[[{]/.test(text) ? labelsOfJson(file.name, text) : linesOf(text)
  if (labels.length > 0) return labels
  throw malformed(file.name, 'no names')
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  while (lines.at(-1) === '') lines.pop()
  return lines
}

function labelsOfJson(name: string, text: string): readonly string[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw malformed(name, `broken JSON (${(cause as Error).message})`)
  }
  const list = listOf(value)
  const labels = list?.map((entry) => (Array.isArray(entry) ? entry.at(-1) : entry))
  if (labels?.every((label) => typeof label === 'string')) return labels
  throw malformed(name, 'other JSON')
}

function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value !== 'object' || value === null) return undefined
  if ('label_names' in value) return listOf(value.label_names)
  const entries = Object.entries(value)
  const byIndex = entries.every(([key], index) => key === String(index))
  return byIndex ? entries.map(([, entry]) => entry) : undefined
}

function malformed(name: string, found: string): OptionError {
  return new OptionError({
    subject: `labels '${name}'`,
    expected: 'a name a line, or a JSON list of names',
    found,
  })
}

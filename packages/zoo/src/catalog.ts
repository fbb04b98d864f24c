import { distance } from 'fastest-levenshtein'
import { UnknownModelError } from './errors.js'
import type { ModelFactory } from './model.js'
import * as rows from './rows/index.js'

/** Every model of the zoo, by name. Importing it brings all of them. */
export const models: ReadonlyMap<string, ModelFactory> = /* @__PURE__ */ new Map(
  Object.values(rows)
    .sort((left, right) => left.modelName.localeCompare(right.modelName, 'en', { numeric: true }))
    .map((factory) => [factory.modelName, factory]),
)

/**
 * The model of that name.
 *
 * @throws {UnknownModelError} naming the nearest names there are
 */
export function findModel(name: string): ModelFactory {
  const found = models.get(name)
  if (found) return found
  throw new UnknownModelError({
    subject: `model '${name}'`,
    expected: 'a name of the zoo',
    found: 'a name it does not have',
    advice: `the nearest names are ${nearest(name).join(', ')}`,
  })
}

/** The three nearest names, capitals and punctuation aside: those it begins first, then the fewest letters to change. */
function nearest(name: string): string[] {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const wanted = plain(name.slice(0, 100))
  const steps = (known: string) => (wanted && known.startsWith(wanted) ? 0 : distance(wanted, known))
  return [...models.keys()]
    .map((known) => ({ known, steps: steps(plain(known)) }))
    .sort((left, right) => left.steps - right.steps)
    .slice(0, 3)
    .map(({ known }) => known)
}

import { nearestNames } from '@resnet-ts/graph'
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
    advice: `the nearest names are ${nearestNames(name, models.keys(), 3).join(', ')}`,
  })
}

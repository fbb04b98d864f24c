import { describeValue, isRecord } from './describe.js'
import { OptionError } from './errors.js'
import { nearestNames } from './nearest.js'

/** The names of some options, each once: the compiler asks for one that is added to their type. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>

/**
 * Refuses options that nobody knows: one that is misspelt would do nothing, and say nothing.
 *
 * @param subject - whose options they are, for the message: `classify`
 * @throws {OptionError} naming the first that is unknown, and the nearest there is
 */
export function refuseUnknownOptions<Options extends object>(
  subject: string,
  options: Options,
  known: OptionNames<Options>,
): void {
  if (!isRecord(options)) {
    throw new OptionError({ subject: `options of ${subject}`, expected: 'an object', found: describeValue(options) })
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name) && options[name] !== undefined)
  if (unknown === undefined) return
  const names = Object.keys(known)
  throw new OptionError({
    subject: `options of ${subject}`,
    expected: names.join(', '),
    found: describeValue(unknown),
    advice: `the nearest is '${nearestNames(unknown, names, 1)[0]}'`,
  })
}

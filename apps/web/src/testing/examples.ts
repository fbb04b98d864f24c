import { fileURLToPath } from 'node:url'

/** The path of one of the example photographs. */
export function example(name: string): string {
  return fileURLToPath(new URL(`../../../../examples/${name}`, import.meta.url))
}

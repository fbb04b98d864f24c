export type Sharp = typeof import('sharp')['default']

/**
 * The decoder of Node, brought in when it is first needed.
 *
 * @throws when it is not installed for this platform
 */
export async function importSharp(): Promise<Sharp> {
  try {
    const { createRequire } = await import('node:module')
    // Its CommonJS entry is loaded in half the time that its ES modules take.
    return createRequire(import.meta.url)('sharp') as Sharp
  } catch {
    // A bundle has it inside, or beside it where modules are looked for in another way.
    return (await import('sharp')).default
  }
}

import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

it('the first example of the README says what it prints', async () => {
  const readme = await readFile(join(packageFolder, 'README.md'), 'utf8')
  const [, example] = /```ts\n(.*?)```/s.exec(readme)!
  await mkdir(join(packageFolder, '.vitest'), { recursive: true })
  const folder = await mkdtemp(join(packageFolder, '.vitest', 'readme-'))
  try {
    await writeFile(join(folder, 'example.mjs'), example!)
    const printed = execFileSync(process.execPath, [join(folder, 'example.mjs')], { encoding: 'utf8' })
    expect(printed.trim()).toBe(/\/\/ (\[.*)/.exec(example!)![1])
  } finally {
    await rm(folder, { recursive: true })
  }
})

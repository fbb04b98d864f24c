import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OptionError } from '@resnet-ts/graph'
import { beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolders } from './testing/run.js'
import { writeWhole } from './writeWhole.js'

const temporaryFolder = temporaryFolders()
let folder: string
const at = (name: string) => join(folder, name)
beforeEach(async () => {
  folder = await temporaryFolder()
})

/** Some pieces, and then an error, if there is one. */
async function* pieces(error?: Error): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from('one, ')
  yield Buffer.from('two')
  if (error) throw error
}

describe('writeWhole', () => {
  it('writes pieces, over what a crash left', async () => {
    await writeFile(at('out.unfinished'), 'much more than what is to be written')
    await writeWhole(at('out'), pieces(), { temporary: at('out.unfinished') })
    expect(await readFile(at('out'), 'utf8')).toBe('one, two')
    expect(await readdir(folder)).toEqual(['out'])
  })

  it('writes nothing when the pieces fail, and tells why', async () => {
    await writeFile(at('out'), 'an old one')
    const error = new OptionError({ subject: 'x', expected: 'y', found: 'z' })
    await expect(writeWhole(at('out'), pieces(error))).rejects.toBe(error)
    expect(await readFile(at('out'), 'utf8')).toBe('an old one')
    expect(await readdir(folder)).toEqual(['out'])
  })

  it('ends with the reason of its signal', async () => {
    const interruption = new AbortController()
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      for (;;) {
        yield Buffer.from('more')
        interruption.abort(new Error('enough'))
      }
    }
    await expect(writeWhole(at('out'), endless(), { signal: interruption.signal })).rejects.toThrow('enough')
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves a link as it is', async () => {
    await mkdir(at('elsewhere'))
    await symlink('elsewhere/out', at('link'))
    await writeFile(at('elsewhere/out'), 'an old one')
    await writeWhole(at('link'), 'a new one')
    expect(await readlink(at('link'))).toBe('elsewhere/out')
    expect(await readFile(at('elsewhere/out'), 'utf8')).toBe('a new one')
  })
})

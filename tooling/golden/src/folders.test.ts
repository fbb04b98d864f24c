import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { dataFolder } from './index.js'

describe('dataFolder', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('is the folder that RESNET_TS_DATA names', () => {
    vi.stubEnv('RESNET_TS_DATA', tmpdir())
    expect(dataFolder()).toBe(tmpdir())
  })

  it('says so when there is no such folder', () => {
    vi.stubEnv('RESNET_TS_DATA', join(tmpdir(), 'no such folder'))
    expect(() => dataFolder()).toThrow('where there is nothing')
  })
})

import { describe, expect, it } from 'vitest'
import { matchLabels } from './dataset.js'

const folder = (name: string) => ({ name, files: [`${name}/1.png`] })

describe('matchLabels', () => {
  it('prefers the name as it is over the one in other capitals', () => {
    const labels = ['Polish', 'polish']
    const samples = matchLabels(['polish', 'Polish'].map(folder), labels)
    expect(samples).toEqual([
      { file: 'Polish/1.png', classIndex: 0 },
      { file: 'polish/1.png', classIndex: 1 },
    ])
  })

  it('takes any capitals where there is no such name', () => {
    expect(matchLabels([folder('CAT')], ['dog', 'Cat'])).toEqual([{ file: 'CAT/1.png', classIndex: 1 }])
  })

  it('takes the first of two labels of one name', () => {
    expect(matchLabels([folder('crane')], ['crane', 'crane'])).toEqual([{ file: 'crane/1.png', classIndex: 0 }])
  })

  it('names a folder of no class, and some of the labels', () => {
    const labels = Array.from({ length: 1000 }, (_, index) => `label ${index}`)
    expect(() => matchLabels([folder('zebra')], labels)).toThrow(
      /^class folder 'zebra': expected the name of one of the model's 1000 labels \(label 0, .*label 19, …\), found none/,
    )
  })
})

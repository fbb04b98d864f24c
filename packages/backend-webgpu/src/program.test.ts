import { describe, expect, it } from 'vitest'
import { allowDirectives } from './program.js'

describe('directives', () => {
  it('go before all else, where WGSL wants them', () => {
    const seen: string[] = []
    const device = { createShaderModule: ({ code }: GPUShaderModuleDescriptor) => seen.push(code) }
    allowDirectives(device as unknown as GPUDevice)
    ;(device as unknown as GPUDevice).createShaderModule({
      code: 'struct A { a: f32 };\n    enable f16;\n  alias T = f16;',
    })
    ;(device as unknown as GPUDevice).createShaderModule({ code: 'alias T = f32;' })
    expect(seen[0].trimStart().startsWith('enable f16;')).toBe(true)
    expect(seen[0].match(/enable/g)).toHaveLength(1)
    expect(seen[1].trim()).toBe('alias T = f32;')
  })
})

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { isAbort } from '../../remote/protocol.js'
import { model } from '../../state/model.js'
import { photo } from '../../state/photo.js'
import { theme } from '../../state/theme.js'
import { bench } from '../../state/workers.js'
import type { InsideStep } from '../../worker/api.js'

/** The photograph's way through the network, which grows stage by stage. */
export interface Steps {
  readonly steps: readonly InsideStep[]
  readonly isWhole: boolean
  readonly failure: string | undefined
}

export function useSteps(): Steps {
  const found = useSignal<Steps>({ steps: [], isWhole: false, failure: undefined })
  useEffect(() => {
    const info = model.value
    if (!info || !photo.value) return
    const controller = new AbortController()
    const { signal } = controller
    const walk = async () => {
      const steps: InsideStep[] = []
      found.value = { steps, isWhole: false, failure: undefined }
      for (const stage of new Set(info.blocks.map((block) => block.stage))) {
        steps.push(...(await bench.call('steps', { stage, theme: theme.value }, { signal })))
        found.value = { steps: [...steps], isWhole: false, failure: undefined }
      }
      found.value = { steps, isWhole: true, failure: undefined }
    }
    walk().catch((error: Error) => {
      if (!signal.aborted && !isAbort(error)) found.value = { ...found.peek(), failure: error.message }
    })
    return () => controller.abort()
  }, [model.value, photo.value, theme.value])
  return found.value
}

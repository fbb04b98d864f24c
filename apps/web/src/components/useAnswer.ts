import { type ReadonlySignal, useSignal } from '@preact/signals'
import { type Inputs, useEffect } from 'preact/hooks'
import { isAbort } from '../remote/protocol.js'

/** Something that takes a while to be had. */
export type Answer<Value> =
  | { readonly state: 'waiting'; readonly last: Value | undefined }
  | { readonly state: 'here'; readonly value: Value }
  | { readonly state: 'failed'; readonly reason: string }

/** Asks whenever `inputs` change; what was asked before is given up. While it waits, what there was is still there. */
export function useAnswer<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  inputs: Inputs,
): ReadonlySignal<Answer<Value>> {
  const answer = useSignal<Answer<Value>>({ state: 'waiting', last: undefined })
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    answer.value = { state: 'waiting', last: latest(answer.peek()) }
    ask(signal).then(
      (value) => {
        if (!signal.aborted) answer.value = { state: 'here', value }
      },
      (error: Error) => {
        if (!signal.aborted && !isAbort(error)) answer.value = { state: 'failed', reason: error.message }
      },
    )
    return () => controller.abort()
  }, inputs)
  return answer
}

export function latest<Value>(answer: Answer<Value>): Value | undefined {
  switch (answer.state) {
    case 'here':
      return answer.value
    case 'waiting':
      return answer.last
    case 'failed':
      return undefined
    default:
      return answer satisfies never
  }
}

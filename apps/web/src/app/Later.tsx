import type { FunctionComponent } from 'preact'
import { Notice } from '../components/Notice.js'
import { useAnswer } from '../components/useAnswer.js'

/** A page whose code is fetched when it is first opened. */
export function Later({ load }: { readonly load: () => Promise<FunctionComponent> }) {
  const answer = useAnswer(load, [load])
  switch (answer.value.state) {
    case 'here':
      return <answer.value.value />
    case 'failed':
      return <Notice kind="failure">This page could not be had: {answer.value.reason}</Notice>
    case 'waiting':
      return null
    default:
      return answer.value satisfies never
  }
}

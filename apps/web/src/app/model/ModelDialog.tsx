import { signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../../components/Icon.js'
import { Notice } from '../../components/Notice.js'
import { Segments } from '../../components/Segments.js'
import { cancelLoading, loadFailure, loading } from '../../state/model.js'
import { ComputingChoice } from './ComputingChoice.js'
import { EmbeddedChoice } from './EmbeddedChoice.js'
import { FileChoice } from './FileChoice.js'
import { HubChoice } from './HubChoice.js'
import { stepInWords } from './stepInWords.js'
import './choices.css'
import './dialog.css'

const sources = { embedded: 'Embedded', hub: 'From the hub', file: 'Your own' } as const
type Source = keyof typeof sources

/** Whether the choice is open. */
export const isChoosing = signal(false)

/** The choice of a model, and of what computes it. */
export function ModelDialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  const source = useSignal<Source>('embedded')
  useEffect(() => {
    if (isChoosing.value) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isChoosing.value])
  const close = () => {
    isChoosing.value = false
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="model-dialog-title" onClose={close} closedby="any">
      {isChoosing.value && (
        <div class="dialog-body">
          <div class="dialog-head">
            <h2 id="model-dialog-title">Model</h2>
            <button type="button" class="quiet square" aria-label="Close" onClick={close}>
              <Icon name="close" />
            </button>
          </div>
          <Segments label="Where it comes from" choices={sources} value={source} />
          {source.value === 'embedded' && <EmbeddedChoice />}
          {source.value === 'hub' && <HubChoice />}
          {source.value === 'file' && <FileChoice />}
          <State />
          <ComputingChoice />
        </div>
      )}
    </dialog>
  )
}

function State() {
  const state = loading.value
  return (
    <>
      {state && (
        <div class="loading" role="status">
          <p>
            <strong>{state.title}</strong>
            <span>{stepInWords(state)}</span>
          </p>
          <progress
            aria-label={`Loading ${state.title}`}
            {...(state.step.kind === 'fetching' && state.step.total
              ? { value: state.step.loaded, max: state.step.total }
              : {})}
          />
          <button type="button" class="button" onClick={cancelLoading}>
            Cancel
          </button>
        </div>
      )}
      {loadFailure.value !== undefined && (
        <Notice
          kind="failure"
          onClose={() => {
            loadFailure.value = undefined
          }}
        >
          {loadFailure.value}
        </Notice>
      )}
    </>
  )
}

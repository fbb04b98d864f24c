import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Icon } from '../../components/Icon.js'
import { loadFailure, model, useModel } from '../../state/model.js'
import { bench } from '../../state/workers.js'

export function FileChoice() {
  const files = useSignal<readonly File[]>([])
  const labels = useSignal<File | undefined>(undefined)
  const architecture = useSignal('')
  const names = useSignal<readonly string[]>([])
  useEffect(() => {
    bench.call('architectures', undefined).then(
      (list) => {
        names.value = list
      },
      (error: Error) => {
        loadFailure.value = error.message
      },
    )
  }, [])
  const open = () =>
    useModel({
      origin: { kind: 'file', files: files.value, architecture: architecture.value || undefined },
      labels: labels.value,
    })
  const alternatives = model.value?.alternatives ?? []
  return (
    <div class="choice">
      <p>
        Weights of PyTorch, timm, torchvision, Keras, ONNX, NumPy or TensorFlow.js, in safetensors or their own formats.
        They are read here, and go nowhere.
      </p>
      <Picker
        label="Weights"
        hint="All parts, and config.json if there is one"
        multiple
        names={files.value.map(({ name }) => name)}
        onPick={(picked) => {
          files.value = picked
        }}
      />
      <Picker
        label="Class names"
        hint="Optional: a line each, or JSON"
        names={labels.value ? [labels.value.name] : []}
        onPick={([picked]) => {
          labels.value = picked
        }}
      />
      <label class="labelled">
        <span>Architecture</span>
        <select
          value={architecture.value}
          onChange={({ currentTarget }) => {
            architecture.value = currentTarget.value
          }}
        >
          <option value="">as the weights tell</option>
          {names.value.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <button type="button" class="button strong" disabled={files.value.length === 0} onClick={open}>
        Open
      </button>
      {model.value?.origin.kind === 'file' && alternatives.length > 0 && (
        <p class="hint">
          Taken for {model.value.architecture}. {alternatives.join(', ')} have the same keys and shapes: if it is one of
          these, choose it above.
        </p>
      )}
    </div>
  )
}

function Picker(props: {
  readonly label: string
  readonly hint: string
  readonly names: readonly string[]
  readonly multiple?: boolean
  onPick(files: readonly File[]): void
}) {
  const { label, hint, names, multiple = false, onPick } = props
  return (
    <label class="picker">
      <Icon name="file" size={18} />
      <span>
        <strong>{label}</strong>
        <small>{names.length > 0 ? names.join(', ') : hint}</small>
      </span>
      <input
        type="file"
        class="sr-only"
        aria-label={label}
        multiple={multiple}
        onChange={({ currentTarget }) => onPick([...(currentTarget.files ?? [])])}
      />
    </label>
  )
}

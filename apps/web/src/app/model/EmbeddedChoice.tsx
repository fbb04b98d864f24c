import { model, useModel } from '../../state/model.js'

export function EmbeddedChoice() {
  const inUse = model.value?.origin.kind === 'embedded'
  return (
    <div class="choice">
      <p>
        <strong>ResNet-20 for CIFAR-10</strong>: ten classes, 272 thousand parameters, half a megabyte, a part of this
        page. It sees 32 × 32 pixels, and 88.8 % of its test photos are told right.
      </p>
      <button
        type="button"
        class="button strong"
        disabled={inUse}
        onClick={() => useModel({ origin: { kind: 'embedded' } })}
      >
        {inUse ? 'In use' : 'Use it'}
      </button>
    </div>
  )
}

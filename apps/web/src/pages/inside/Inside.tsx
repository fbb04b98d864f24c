import { Notice } from '../../components/Notice.js'
import { model } from '../../state/model.js'
import { photo } from '../../state/photo.js'
import { replaceParams, route } from '../../state/route.js'
import { useDropAndPaste } from '../classify/drop.js'
import { Sources } from '../classify/Sources.js'
import { BlockPanel } from './BlockPanel.js'
import './inside.css'
import { useSteps } from './useSteps.js'
import { Way } from './Way.js'

export function Inside() {
  useDropAndPaste()
  return (
    <div class="page inside">
      <h1>
        What happens to the photo inside?
        <small>Each block looks at what comes in, and adds something to it. Nothing is replaced, only added to.</small>
      </h1>
      {photo.value ? <Looked /> : <Nothing />}
    </div>
  )
}

function Nothing() {
  return (
    <div class="card inside-nothing">
      <p>Take a photo to follow through the network, or drop one here.</p>
      <Sources camera={false} />
    </div>
  )
}

function Looked() {
  const { steps, isWhole, failure } = useSteps()
  const blocks = model.value?.blocks ?? []
  const wanted = route.value.params.get('block')
  const block = blocks.find(({ name }) => name === wanted) ?? blocks[0]
  if (model.value && !block)
    return <Notice kind="note">{model.value.title} has no residual blocks to look into.</Notice>
  return (
    <>
      {failure !== undefined && <Notice kind="failure">{failure}</Notice>}
      <Way
        steps={steps}
        isWhole={isWhole}
        blocks={blocks}
        selected={block?.name}
        onSelect={(name) => replaceParams({ block: name })}
      />
      {block && <BlockPanel block={block} />}
      <Sources camera={false} />
    </>
  )
}

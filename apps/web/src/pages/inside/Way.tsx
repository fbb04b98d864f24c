import { Bitmap } from '../../components/Bitmap.js'
import { result } from '../../state/photo.js'
import type { BlockInfo, InsideStep } from '../../worker/api.js'

interface WayProps {
  readonly steps: readonly InsideStep[]
  readonly isWhole: boolean
  readonly blocks: readonly BlockInfo[]
  readonly selected: string | undefined
  onSelect(block: string): void
}

/** The photograph's way: what the network sees, then every block with what leaves it and how much it added. */
export function Way({ steps, isWhole, blocks, selected, onSelect }: WayProps) {
  const stages = [...new Set(blocks.map(({ stage }) => stage))]
  const byName = new Map(steps.map((step) => [step.name, step]))
  return (
    <section class="way card" aria-labelledby="way-title" aria-busy={!isWhole}>
      <h2 id="way-title">The way through the network</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section class="way-stages" tabIndex={0} aria-label="Blocks, stage by stage">
        {result.value && (
          <div class="way-stage">
            <h3>photo</h3>
            <div class="way-step seen-step">
              <Bitmap bitmap={result.value.seen} label="The photo as the network sees it" />
            </div>
          </div>
        )}
        {stages.map((stage) => (
          <div class="way-stage" key={stage}>
            <h3>{stage}</h3>
            <ol>
              {blocks
                .filter((block) => block.stage === stage)
                .map((block) => (
                  <li key={block.name}>
                    <Step
                      block={block}
                      step={byName.get(block.name)}
                      isSelected={block.name === selected}
                      onClick={() => onSelect(block.name)}
                    />
                  </li>
                ))}
            </ol>
          </div>
        ))}
      </section>
      <p class="hint">
        Each picture is the mean of all channels after a block. The bar beneath is how strong what the block added is,
        beside what came in.
      </p>
    </section>
  )
}

function Step(props: {
  readonly block: BlockInfo
  readonly step: InsideStep | undefined
  readonly isSelected: boolean
  onClick(): void
}) {
  const { block, step, isSelected, onClick } = props
  const share = step && shareOf(step)
  const index = block.name.slice(block.stage.length + 1)
  return (
    <button
      type="button"
      class="way-step"
      aria-pressed={isSelected}
      aria-label={`${block.name}${share === undefined ? '' : `: adds ${Math.round(share * 100)} % of what meets in it`}`}
      onClick={onClick}
    >
      {step ? <Bitmap bitmap={step.picture} label="" /> : <span class="way-waiting" />}
      <span class="way-share" style={{ '--share': String(share ?? 0) }} />
      <span class="way-name">{index}</span>
    </button>
  )
}

/** How much of the strength that meets in a block's sum is the residual's. */
export function shareOf(step: Pick<InsideStep, 'residualStrength' | 'shortcutStrength'>): number {
  const { residualStrength, shortcutStrength } = step
  return residualStrength / (residualStrength + shortcutStrength || 1)
}

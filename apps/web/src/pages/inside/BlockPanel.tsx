import { useSignal } from '@preact/signals'
import { Bitmap } from '../../components/Bitmap.js'
import { Notice } from '../../components/Notice.js'
import { latest, useAnswer } from '../../components/useAnswer.js'
import { percent } from '../../components/words.js'
import { model } from '../../state/model.js'
import { photo } from '../../state/photo.js'
import { hrefOf } from '../../state/route.js'
import { theme } from '../../state/theme.js'
import { bench } from '../../state/workers.js'
import type { BlockInfo, ChannelPictures, InsideBlock } from '../../worker/api.js'
import { shareOf } from './Way.js'

/** How many channels are shown at first, and how many more each time. */
const few = 6

/** One block: its strongest channels as they came in, what was added to them, and the sum. */
export function BlockPanel({ block }: { readonly block: BlockInfo }) {
  const channels = useSignal(few)
  const { name, kind, dashed } = block
  const answer = useAnswer(
    (signal) => bench.call('block', { name, channels: channels.value, theme: theme.value }, { signal }),
    [name, channels.value, theme.value, model.value, photo.value],
  )
  const inside = latest(answer.value)
  return (
    <section class="block card" aria-labelledby="block-title" aria-busy={answer.value.state === 'waiting'}>
      <div class="block-head">
        <h2 id="block-title">
          {name} <small>{kindInWords(kind)}</small>
        </h2>
        {inside && (
          <p>
            {inside.shape[1]} × {inside.shape[0]} pixels, {inside.shape[2]} channels. Of the strength that meets in the
            sum, <strong>{percent(shareOf(inside))}</strong> is what the block adds.
          </p>
        )}
      </div>
      {answer.value.state === 'failed' && <Notice kind="failure">{answer.value.reason}</Notice>}
      {inside && (
        <div class="block-body">
          <div class="channels">
            <div class="channel channels-head" aria-hidden="true">
              <span />
              <span>
                <strong>x</strong> {dashed ? 'projected' : 'came in'}
              </span>
              <span />
              <span>
                <strong>F(x)</strong> is added
              </span>
              <span />
              <span>
                <strong>x + F(x)</strong>
              </span>
              <span />
              <span>
                <strong>leaves</strong>
              </span>
            </div>
            <ol aria-label="The strongest channels">
              {inside.channels.map((pictures) => (
                <li key={pictures.channel}>
                  <Channel pictures={pictures} />
                </li>
              ))}
            </ol>
          </div>
          <Reading inside={inside} dashed={dashed} />
          <div class="block-foot">
            {inside.channels.length < inside.shape[2] && (
              <button
                type="button"
                class="button small"
                onClick={() => {
                  channels.value = Math.min(channels.value * 2, inside.shape[2])
                }}
              >
                More channels
              </button>
            )}
            <a class="button small" href={hrefOf('network', { model: model.value?.architecture, block: name })}>
              Its layers
            </a>
          </div>
        </div>
      )}
    </section>
  )
}

/** How to read the pictures, and how much was added in all. */
function Reading({ inside, dashed }: { readonly inside: InsideBlock; readonly dashed: boolean }) {
  const { shortcutStrength, residualStrength } = inside
  const greatest = Math.max(shortcutStrength, residualStrength)
  const bars = [
    [dashed ? 'x, projected' : 'x', shortcutStrength],
    ['F(x)', residualStrength],
  ] as const
  return (
    <aside class="reading" aria-label="How to read the pictures">
      <h3>How strong</h3>
      <dl>
        {bars.map(([name, strength]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span class="way-share" style={{ '--share': String(strength / greatest) }} />
              {strength.toPrecision(3)}
            </dd>
          </div>
        ))}
      </dl>
      <p class="hint">Root mean squares over all places and channels.</p>
      <h3>Colours</h3>
      <p class="scale">
        <span>below zero</span>
        <span class="scale-track" />
        <span>above</span>
      </p>
      <p class="hint">
        One scale along a row, so that x and what is added can be compared. The channels that leave the block strongest
        stand first.
      </p>
    </aside>
  )
}

function Channel({ pictures }: { readonly pictures: ChannelPictures }) {
  const { channel, shortcut, residual, sum, output } = pictures
  return (
    <div class="channel">
      <span class="channel-name">
        <span class="sr-only">Channel </span>
        {channel}
      </span>
      <Bitmap bitmap={shortcut} label={`Channel ${channel} as it came in`} />
      <span class="sign">+</span>
      <Bitmap bitmap={residual} label={`What is added to channel ${channel}`} />
      <span class="sign">=</span>
      <Bitmap bitmap={sum} label={`The sum in channel ${channel}`} />
      <span class="sign">→</span>
      <Bitmap bitmap={output} label={`Channel ${channel} as it leaves the block`} />
    </div>
  )
}

/** `preActivationBottleneck` → `pre activation bottleneck`. */
function kindInWords(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

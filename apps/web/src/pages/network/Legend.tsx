import type { Heat } from './heat.js'

/** What lines and colours mean. */
export function Legend({ heat }: { readonly heat: Heat }) {
  return (
    <ul class="legend" aria-label="What lines and colours mean">
      <li>
        <span class="legend-line solid" />
        solid shortcut: the value itself is added
      </li>
      <li>
        <span class="legend-line dashed" />
        dashed shortcut: it is changed on its way
      </li>
      {heat !== 'none' && (
        <li>
          <span class="legend-heat" />
          few to many {heat === 'macs' ? 'multiplications' : 'parameters'}
        </li>
      )}
    </ul>
  )
}

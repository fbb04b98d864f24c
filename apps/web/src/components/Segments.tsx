import type { Signal } from '@preact/signals'
import { useId } from 'preact/hooks'
import './segments.css'

/** A choice of one among a few. */
export function Segments<Choice extends string>(props: {
  readonly label: string
  readonly choices: Readonly<Record<Choice, string>>
  readonly value: Signal<Choice>
}) {
  const { label, choices, value } = props
  const name = useId()
  return (
    <fieldset class="segments">
      <legend class="sr-only">{label}</legend>
      {(Object.entries(choices) as [Choice, string][]).map(([choice, words]) => (
        <label key={choice}>
          <input
            type="radio"
            class="sr-only"
            name={name}
            checked={value.value === choice}
            onChange={() => {
              value.value = choice
            }}
          />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  )
}

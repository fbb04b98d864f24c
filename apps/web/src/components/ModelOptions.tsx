import type { ModelGroup } from '../drawing/api.js'

/** The zoo's models as the options of a `<select>`. */
export function ModelOptions({ groups }: { readonly groups: readonly ModelGroup[] }) {
  return (
    <>
      {groups.map(({ title, names }) => (
        <optgroup key={title} label={title}>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </optgroup>
      ))}
    </>
  )
}

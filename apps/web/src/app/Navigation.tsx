import { Icon } from '../components/Icon.js'
import { hrefOf, lastParams, page, pages } from '../state/route.js'
import { names } from './names.js'

/** The pages: in the header where there is room, at the bottom of a phone. */
export function Navigation({ place }: { readonly place: 'top' | 'bottom' }) {
  return (
    <nav class={`navigation ${place}`} aria-label={place === 'top' ? 'Pages' : 'Pages, below'}>
      {pages.map((name) => (
        <a
          key={name}
          href={hrefOf(name, Object.fromEntries(lastParams.value[name]))}
          aria-current={page.value === name ? 'page' : undefined}
        >
          <Icon name={name} size={place === 'top' ? 18 : 22} />
          {names[name]}
        </a>
      ))}
    </nav>
  )
}

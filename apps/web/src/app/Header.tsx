import { Icon } from '../components/Icon.js'
import { hrefOf } from '../state/route.js'
import { theme, toggleTheme } from '../state/theme.js'
import { ModelChip } from './model/ModelChip.js'
import { Navigation } from './Navigation.js'

export function Header() {
  const other = theme.value === 'dark' ? 'light' : 'dark'
  return (
    <header class="header">
      <a class="brand" href={hrefOf('classify')} aria-label="resnet-ts, first page">
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
          <path class="brand-way" d="M16 3v26" />
          <path class="brand-shortcut" d="M16 6c9 0 9 17 0 17" />
          <rect class="brand-block" x="9" y="10" width="14" height="8" rx="3" />
          <circle class="brand-sum" cx="16" cy="24" r="3.4" />
        </svg>
        <span>resnet-ts</span>
      </a>
      <Navigation place="top" />
      <div class="header-end">
        <ModelChip />
        <button type="button" class="quiet square" aria-label={`Use the ${other} theme`} onClick={toggleTheme}>
          <Icon name={other} />
        </button>
      </div>
    </header>
  )
}

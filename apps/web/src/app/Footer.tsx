import { Notice } from '../components/Notice.js'
import { isKept, newer, update } from '../state/installation.js'

/** What the browser keeps of the site. */
export function Footer() {
  return (
    <footer class="footer">
      {newer.value && (
        <Notice kind="note">
          There is a newer version of this page.{' '}
          <button type="button" class="button small" onClick={update}>
            Use it
          </button>
        </Notice>
      )}
      {isKept.value && <p class="hint">Kept in this browser: it works without a network.</p>}
    </footer>
  )
}

import type { Page } from '../state/route.js'

/** What the pages are called. */
export const names: Readonly<Record<Page, string>> = {
  classify: 'Classify',
  network: 'Network',
  inside: 'Inside',
  speed: 'Speed',
  code: 'Code',
}

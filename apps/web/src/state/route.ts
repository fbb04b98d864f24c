import { computed, effect, signal } from '@preact/signals'

export const pages = ['classify', 'network', 'inside', 'speed', 'code'] as const
export type Page = (typeof pages)[number]

/** What the address's hash says: `#/network?model=resnet50`. A hash works from any path, on any server. */
export interface Route {
  readonly page: Page
  readonly params: URLSearchParams
}

const hash = signal(location.hash)
addEventListener('hashchange', () => {
  hash.value = location.hash
})

export const route = computed(() => routeOf(hash.value))
export const page = computed(() => route.value.page)

/** What each page was last told by the address, so that it is found as it was left. */
export const lastParams = signal<Readonly<Record<Page, URLSearchParams>>>(
  Object.fromEntries(pages.map((name) => [name, new URLSearchParams()])) as Record<Page, URLSearchParams>,
)
effect(() => {
  const { page, params } = route.value
  lastParams.value = { ...lastParams.peek(), [page]: params }
})

function routeOf(text: string): Route {
  const [path = '', query = ''] = text.replace(/^#\/?/, '').split('?')
  const found = pages.find((name) => name === path)
  return { page: found ?? 'classify', params: new URLSearchParams(query) }
}

export function hrefOf(target: Page, params: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const query = new URLSearchParams(given).toString()
  return `#/${target}${query && `?${query}`}`
}

/** Changes what the address says of the page that is open, without a step back to where it was. */
export function replaceParams(params: Readonly<Record<string, string | undefined>>): void {
  const given = { ...Object.fromEntries(route.peek().params), ...params }
  history.replaceState(null, '', hrefOf(route.peek().page, given))
  hash.value = location.hash
}

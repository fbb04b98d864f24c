/** Photographs to begin with. */
export interface Example {
  readonly name: string
  readonly what: string
  readonly url: string
}

export const examples: readonly Example[] = [
  { name: 'chelsea.png', what: 'A cat', url: new URL('../../../../examples/chelsea.png', import.meta.url).href },
  {
    name: 'coffee.png',
    what: 'A cup of coffee',
    url: new URL('../../../../examples/coffee.png', import.meta.url).href,
  },
  { name: 'rocket.jpg', what: 'A rocket', url: new URL('../../../../examples/rocket.jpg', import.meta.url).href },
]

import { signal } from '@preact/signals'

/** Whether the site is kept in this browser, and works without a network. */
export const isKept = signal(false)

/** A newer version of the site, that takes over once it is asked to. */
export const newer = signal<ServiceWorker | undefined>(undefined)

/** Lets the service worker keep the site, once the page has what it needs itself. */
export async function keepSite(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  try {
    const registration = await navigator.serviceWorker.register('./serviceWorker.js')
    watch(registration.installing ?? registration.waiting)
    registration.addEventListener('updatefound', () => watch(registration.installing))
    await navigator.serviceWorker.ready
    isKept.value = true
  } catch {
    // A browser may forbid it; the page works all the same, with a network.
    return
  }
}

function watch(worker: ServiceWorker | null): void {
  const look = () => {
    if (worker?.state === 'installed' && navigator.serviceWorker.controller) newer.value = worker
  }
  worker?.addEventListener('statechange', look)
  look()
}

/** Takes the newer version, and loads the page anew. */
export function update(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  newer.value?.postMessage('take over')
}

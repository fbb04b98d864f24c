/** The pictures of docs/screenshots: what is shown, on which screens, in which colours. `screenshots.mjs` takes them. */

/** Each page of the site, the dialog that chooses a model, and two networks side by side, in the order in which they are taken. */
export const scenes = /** @type {const} */ (['classify', 'model', 'network', 'compare', 'inside', 'speed', 'code'])

/** @type {Readonly<Record<string, import('playwright-core').BrowserContextOptions>>} */
export const screens = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, hasTouch: true, isMobile: true },
}

export const colorSchemes = /** @type {const} */ (['light', 'dark'])

/** @param {string} scene @param {string} screen @param {string} colorScheme */
export function pictureName(scene, screen, colorScheme) {
  return `${scene}-${screen}-${colorScheme}.webp`
}

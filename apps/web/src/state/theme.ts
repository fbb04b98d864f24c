import { computed, effect, signal } from '@preact/signals'
import { recall, remember } from './storage.js'

const choices = ['auto', 'light', 'dark'] as const
type ThemeChoice = (typeof choices)[number]

const isChoice = (value: unknown): value is ThemeChoice => choices.some((choice) => choice === value)

const themeChoice = signal<ThemeChoice>(recall('theme', isChoice) ?? 'auto')

const system = matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = signal(system.matches)
system.addEventListener('change', () => {
  systemIsDark.value = system.matches
})

/** The theme that is seen. */
export const theme = computed(() => {
  if (themeChoice.value !== 'auto') return themeChoice.value
  return systemIsDark.value ? 'dark' : 'light'
})

effect(() => {
  document.documentElement.dataset.theme = theme.value
})

/** Light or dark, as the system has it or not. */
export function toggleTheme(): void {
  const wanted = theme.peek() === 'dark' ? 'light' : 'dark'
  const isSystems = (wanted === 'dark') === systemIsDark.peek()
  themeChoice.value = isSystems ? 'auto' : wanted
  remember('theme', themeChoice.value)
}

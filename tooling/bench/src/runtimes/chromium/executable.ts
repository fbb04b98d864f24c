import { existsSync } from 'node:fs'
import { OptionError } from '@resnet-ts/graph'

/** Where Chromium and Chrome are usually installed. */
const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
]

/**
 * The browser that the environment variable CHROMIUM names, or else the first that is installed.
 *
 * @throws {OptionError} when there is none
 */
export function chromiumExecutable(): string {
  const candidates = process.env.CHROMIUM ? [process.env.CHROMIUM] : usual
  const found = candidates.find((path) => existsSync(path))
  if (found) return found
  const missing = `nothing at ${candidates.join(', ')}`
  const advice = 'set CHROMIUM to its path'
  throw new OptionError({ subject: '--runtime chromium', expected: 'Chromium or Chrome', found: missing, advice })
}

import { expect, test } from 'vitest'
import { commandOf } from './markdown.js'

test('the command is told without paths of the machine', () => {
  const args = [
    '--node',
    '/opt/node',
    '--threads',
    '1',
    '--write=docs/performance.md',
    '--section',
    'races',
    '--rounds=60',
  ]
  expect(commandOf(args)).toBe('pnpm bench --node "$NODE" --threads 1 --rounds=60')
})

import { describeMachine, type Machine } from './machine.js'
import type { Row } from './row.js'
import { markdownTable } from './table.js'

/** Races as a section of docs/performance.md: the table, and all that is needed to make it again. */
export function racesSection(rows: readonly Row[], machine: Machine, command: string): string {
  const conditions = [
    `- Machine: ${describeMachine(machine)}.`,
    ...runtimesOf(rows).map((version) => `- Runtime: ${version}.`),
    ...contestantsOf(rows).map((version) => `- ${version}.`),
    `- Rounds: ${[...new Set(rows.map(({ rounds }) => rounds))].join(', ')}.`,
  ]
  return [markdownTable(rows), conditions.join('\n'), ['```sh', command, '```'].join('\n')].join('\n\n')
}

function runtimesOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ runtimeVersion }) => runtimeVersion))]
}

function contestantsOf(rows: readonly Row[]): string[] {
  const sides = rows.flatMap(({ us, usVersion, usDevice, peer, peerVersion, peerDevice }) => [
    ...(usVersion === null ? [] : [`Us: ${us} ${usVersion} (${usDevice})`]),
    ...(peerVersion === null ? [] : [`${peer} ${peerVersion} (${peerDevice})`]),
  ])
  return [...new Set(sides)].sort()
}

/** What was typed, without where the results went and where on the machine things are. */
export function commandOf(args: readonly string[]): string {
  const words: string[] = []
  for (let index = 0; index < args.length; index++) {
    const [, option, value] = /^(--(?:write|section|node))(=.*)?$/.exec(args[index]!) ?? []
    if (option === undefined) words.push(args[index]!)
    else {
      if (option === '--node') words.push('--node', '"$NODE"')
      if (value === undefined) index += 1
    }
  }
  return ['pnpm', 'bench', ...words].join(' ')
}

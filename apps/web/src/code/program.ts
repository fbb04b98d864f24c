/** A part of a program: what it imports, and its lines. */
export interface Part {
  /** Names by module. */
  readonly imports?: Readonly<Record<string, readonly string[]>>
  readonly lines: readonly string[]
}

/** Parts as one program, what they import stated once, at its head. */
export function programOf(...parts: readonly Part[]): string {
  const modules = new Map<string, Set<string>>()
  for (const { imports = {} } of parts) {
    for (const [module, names] of Object.entries(imports)) {
      modules.set(module, new Set([...(modules.get(module) ?? []), ...names]))
    }
  }
  const statements = [...modules]
    .sort(([left], [right]) => order(left).localeCompare(order(right)))
    .map(([module, names]) => `import { ${[...names].sort().join(', ')} } from '${module}'`)
  return [...statements, '', ...parts.flatMap(({ lines }) => lines)].join('\n')
}

/** Node's own modules stand first. */
function order(module: string): string {
  return module.startsWith('node:') ? ` ${module}` : module
}

/** A value as TypeScript, in single quotes. */
export function literal(value: unknown): string {
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const fields = Object.entries(value).map(([name, own]) => `${name}: ${literal(own)}`)
  return `{ ${fields.join(', ')} }`
}

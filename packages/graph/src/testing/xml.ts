/** An element of an XML document. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** The text directly inside it, entities resolved. */
  readonly text: string
}

const token = /<\/([\w-]+)\s*>|<([\w-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * A document of elements, attributes and text, as an SVG is one; anything that XML does not allow in them is an error.
 * (Comments, declarations and namespaces' rules are left out: diagrams have none.)
 */
export function parseXml(document: string): XmlElement {
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(document))
    throw new Error('a forbidden character')
  const root = { name: '', attributes: {}, children: [] as XmlElement[], text: '' }
  const open = [root]
  token.lastIndex = 0
  while (token.lastIndex < document.length) {
    const at = token.lastIndex
    const match = token.exec(document)
    if (!match) throw new Error(`not well-formed at ${at}: ${document.slice(at, at + 60)}`)
    const [, closing, opening, attributes, empty, text] = match
    const parent = open.at(-1)!
    if (closing !== undefined) {
      if (open.length < 2 || open.pop()!.name !== closing) throw new Error(`</${closing}> at ${at} closes nothing`)
    } else if (opening !== undefined) {
      const element = { name: opening, attributes: attributesIn(attributes!), children: [], text: '' }
      parent.children.push(element)
      if (!empty) open.push(element)
    } else parent.text += resolve(text!)
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim() !== '')
    throw new Error('not one root element')
  return root.children[0]!
}

function attributesIn(written: string): Record<string, string> {
  const pairs = [...written.matchAll(/([\w:-]+)="([^"]*)"/g)].map(
    ([, name, value]) => [name!, resolve(value!)] as const,
  )
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`an attribute twice in ${written}`)
  return Object.fromEntries(pairs)
}

function resolve(text: string): string {
  return text.replaceAll(/&(?:(\w+);)?/g, (whole, name) => {
    if (!Object.hasOwn(entities, name ?? '')) throw new Error(`an entity that XML does not have: ${whole}`)
    return entities[name]!
  })
}

/** An element and all inside it, those of one class alone if it is given. */
export function elementsOf(element: XmlElement, className?: string): readonly XmlElement[] {
  const own = className === undefined || element.attributes.class?.split(' ').includes(className) ? [element] : []
  return [...own, ...element.children.flatMap((child) => elementsOf(child, className))]
}

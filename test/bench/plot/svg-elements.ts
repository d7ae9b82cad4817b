/** An element with its attributes. */
export interface SvgElement {
  readonly name: string;
  readonly at: Readonly<Record<string, string>>;
}

const TAG = /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|<|>/gi;
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g;

/** The elements of an SVG file in their order. @throws Error where a tag is malformed or not closed */
export function elementsOf(svg: string): SvgElement[] {
  const found: SvgElement[] = [];
  const open: string[] = [];
  for (const [tag, closing, name, attributes = '', empty] of svg.matchAll(TAG)) {
    if (name === undefined) throw new Error(`a stray ${tag}`);
    if (closing === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes what is not open`);
      continue;
    }
    const at = Object.fromEntries([...attributes.matchAll(ATTRIBUTE)].map(([, key, value]) => [key, value]));
    found.push({ name, at });
    if (empty !== '/') open.push(name);
  }
  if (open.length > 0) throw new Error(`<${open.join('>, <')}> is not closed`);
  return found;
}

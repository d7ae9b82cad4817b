import { posix } from 'node:path';

/** A page of the package: its path from the package's root, and its text. */
export interface MarkdownPage {
  readonly path: string;
  readonly text: string;
}

/** Code within a line of prose: as many backticks after it as before it. */
const CODE = /(?<!`)(`+)(?!`)(?:(?!\n\n)[\s\S])*?(?<!`)\1(?!`)/g;

/** Every relative link that leads to no file of the package, or to no heading of the page it names. */
export function brokenLinks(pages: readonly MarkdownPage[], files: readonly string[]): string[] {
  const anchors = new Map(pages.map(({ path, text }) => [path, anchorsOf(text)]));
  return pages.flatMap(({ path, text }) =>
    relativeLinks(text).flatMap((link) => {
      const [file = '', anchor] = decodeURI(link).split('#');
      const target = file === '' ? path : posix.join(posix.dirname(path), file).replace(/\/$/, '');
      const isThere = files.some((name) => name === target || name.startsWith(`${target}/`));
      if (!isThere) return [`${path}: ${link}: no such file in the package`];
      if (anchor === undefined || anchors.get(target)?.has(anchor)) return [];
      return [`${path}: ${link}: no such heading`];
    }),
  );
}

/** The targets of links and images, in order, those with a scheme (`https:`) left out. */
export function relativeLinks(markdown: string): string[] {
  const prose = withoutBlocks(markdown).replace(CODE, '``');
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const references = [...prose.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/gm)];
  return [...inline, ...references]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

/** The anchors that a page's headings get from the usual hosts: words of the heading in lower case, joined by `-`. */
export function anchorsOf(markdown: string): Set<string> {
  const found = new Set<string>();
  for (const [, heading = ''] of withoutBlocks(markdown).matchAll(/^#{1,6} +(.+?)(?: +#+)? *$/gm)) {
    const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = shown.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    let next = anchor;
    for (let count = 1; found.has(next); count += 1) next = `${anchor}-${count}`;
    found.add(next);
  }
  return found;
}

/** Without fenced blocks and HTML comments, which hold neither links nor headings. */
function withoutBlocks(markdown: string): string {
  return markdown.replace(/<!--[\s\S]*?-->/g, '').replace(/^(`{3,}|~{3,})[\s\S]*?^\1[ \t]*$/gm, '');
}

/** Where a block of a page is run: nowhere, in a folder that was set up, or there with AWS at hand. */
export type Place = 'nowhere' | 'here' | 'on AWS';

/**
 * A fenced block of a page, with what the HTML comment right above it asks for:
 *
 * - `<!-- set up -->`: the one block of all pages that a reader runs first, once;
 * - `<!-- run -->`: the block is run, not only checked, by itself in a folder that was set up;
 * - `<!-- run on AWS -->`: likewise, with a bucket `my-bucket` and a key `alias/backups`.
 */
export interface PageBlock {
  /** The page it stands on, as a path from the root with `/`. */
  readonly page: string;
  readonly language: string;
  /** The line on the page of the block's first line, from 1. */
  readonly line: number;
  readonly code: string;
  readonly setsUp: boolean;
  readonly runs: Place;
}

const FENCE = /^(`{3,}|~{3,})\s*([\w-]*)/;

/** Every fenced block of a page, in order. An open fence is an error. */
export function blocksOf(page: string, markdown: string): PageBlock[] {
  const lines = markdown.split('\n');
  const blocks: PageBlock[] = [];
  let comments: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at] ?? '';
    const fence = FENCE.exec(text);
    if (fence !== null) {
      const end = lines.findIndex((line, index) => index > at && line.trimEnd() === fence[1]);
      if (end < 0) throw new Error(`${page}:${at + 1} opens a block that never ends`);
      const code = lines.slice(at + 1, end).join('\n');
      blocks.push({ page, language: fence[2] ?? '', line: at + 2, code, ...askedFor(comments) });
      at = end;
      comments = [];
    } else if (text.startsWith('<!--')) {
      const end = lines.findIndex((line, index) => index >= at && line.trimEnd().endsWith('-->'));
      if (end < 0) throw new Error(`${page}:${at + 1} opens a comment that never ends`);
      comments.push(
        lines
          .slice(at, end + 1)
          .join('\n')
          .trim()
          .slice('<!--'.length, -'-->'.length)
          .trim(),
      );
      at = end;
    } else if (text.trim() !== '') {
      comments = [];
    }
  }
  return blocks;
}

function askedFor(comments: readonly string[]): Pick<PageBlock, 'setsUp' | 'runs'> {
  const onAws = comments.includes('run on AWS');
  return {
    setsUp: comments.includes('set up'),
    runs: onAws ? 'on AWS' : comments.includes('run') ? 'here' : 'nowhere',
  };
}

/** The blocks of some languages, in order. */
export function blocksIn(blocks: readonly PageBlock[], languages: readonly string[]): PageBlock[] {
  return blocks.filter(({ language }) => languages.includes(language));
}

/** The files that a shell script writes from here-documents (`cat > NAME <<'END'`), by name. */
export function writtenFiles(script: string): Map<string, string> {
  const documents = script.matchAll(/^cat > (\S+) <<'(\w+)'\n([\s\S]*?)^\2$/gm);
  return new Map([...documents].map(([, name = '', , text = '']) => [name, text]));
}

/**
 * A fenced block of README.md, with what the HTML comments right above it ask for:
 *
 * - `<!-- given … -->`: code before the block that a reader need not see (`declare const source: Readable;`);
 * - `<!-- continues -->`: the block goes on where the previous one of its language ended;
 * - `<!-- run -->`: the block is run, not only checked; all such blocks share one folder, in order.
 */
export interface ReadmeBlock {
  readonly language: string;
  /** The line in README.md of the block's first line, from 1. */
  readonly line: number;
  readonly code: string;
  readonly given: string;
  readonly continues: boolean;
  readonly run: boolean;
}

const FENCE = /^(`{3,}|~{3,})\s*([\w-]*)/;

/** Every fenced block, in order. An open fence is an error. */
export function readmeBlocks(markdown: string): ReadmeBlock[] {
  const lines = markdown.split('\n');
  const blocks: ReadmeBlock[] = [];
  let comments: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at] ?? '';
    const fence = FENCE.exec(text);
    if (fence !== null) {
      const end = lines.findIndex((line, index) => index > at && line.trimEnd() === fence[1]);
      if (end < 0) throw new Error(`line ${at + 1} opens a block that never ends`);
      const code = lines.slice(at + 1, end).join('\n');
      blocks.push({ language: fence[2] ?? '', line: at + 2, code, ...askedFor(comments) });
      at = end;
      comments = [];
    } else if (text.startsWith('<!--')) {
      const end = lines.findIndex((line, index) => index >= at && line.trimEnd().endsWith('-->'));
      if (end < 0) throw new Error(`line ${at + 1} opens a comment that never ends`);
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

function askedFor(comments: readonly string[]): Pick<ReadmeBlock, 'given' | 'continues' | 'run'> {
  const given = comments
    .filter((text) => /^given\s/.test(text))
    .map((text) => text.slice('given'.length).trim());
  return {
    given: given.join('\n'),
    continues: comments.includes('continues'),
    run: comments.includes('run'),
  };
}

/** A whole program made of blocks of one language, with the README line of each of its lines (0: given). */
export interface Snippet {
  readonly language: string;
  readonly code: string;
  readonly lines: readonly number[];
  readonly run: boolean;
}

/** The blocks of some languages as whole programs: a block that continues is joined to the one before. */
export function snippets(blocks: readonly ReadmeBlock[], languages: readonly string[]): Snippet[] {
  const found: Snippet[] = [];
  for (const block of blocks.filter(({ language }) => languages.includes(language))) {
    const own = { language: block.language, run: block.run, ...joined(block) };
    const before = found.at(-1);
    if (!block.continues) found.push(own);
    else if (before === undefined) throw new Error(`line ${block.line} continues nothing`);
    else {
      const lines = [...before.lines, ...own.lines];
      found[found.length - 1] = {
        ...before,
        code: `${before.code}\n${own.code}`,
        lines,
        run: before.run || own.run,
      };
    }
  }
  return found;
}

function joined(block: ReadmeBlock): Pick<Snippet, 'code' | 'lines'> {
  const given = block.given === '' ? [] : block.given.split('\n');
  const code = block.code.split('\n');
  return {
    code: [...given, ...code].join('\n'),
    lines: [...given.map(() => 0), ...code.map((_, index) => block.line + index)],
  };
}

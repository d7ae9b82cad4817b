import { runProcess } from '../../support/run-process.js';
import { sampled } from '../../support/sample.js';
import type { Place } from './command.js';

/*
 * A transcript is what a user typed, and what came:
 *
 *   # a remark
 *   $ a command line of sh
 *   | a line on standard output
 *   ! a line on standard error
 *   = the exit status, where it is not 0
 *
 * Message in angle brackets stand for what differs from run to run.
 */

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** What the words in angle brackets stand for. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '<id>': UUID,
  '<hex>': '[0-9a-f]+',
  '<date>': '[0-9]{4}-[0-9]{2}-[0-9]{2}',
  '<time>': '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z',
  '<number>': '[0-9]+',
  '<duration>': '[0-9]+ m?s',
  '<rate>': '[0-9.]+ [KMGT]?i?B/s',
  '<any>': '.*',
};

/**
 * Does what a transcript says.
 *
 * @param most does no more of its command lines than a sample of so many; the others stand as they are
 * @returns the transcript as it went: lines that came as expected stand as they were written
 */
export async function replay(transcript: string, place: Place, most = Infinity): Promise<string> {
  const out: string[] = [];
  const lines = transcript.split('\n');
  const commands = [...lines.keys()].filter((at) => isCommand(lines[at]!));
  const taken = new Set(sampled(commands, most, `lines of ${lines[0]}`));
  for (let at = 0; at < lines.length; ) {
    const isTaken = taken.has(at);
    const line = lines[at++]!;
    out.push(line);
    if (!isTaken) continue;
    const expected: string[] = [];
    while (/^[|!=]/.test(lines[at] ?? '')) expected.push(lines[at++]!);
    const came = await runLine(line.slice(2), place);
    out.push(
      ...came.map((text, index) => (isAsExpected(text, expected[index], place) ? expected[index]! : text)),
    );
  }
  return out.join('\n');
}

const isCommand = (line: string): boolean => line.startsWith('$ ');

async function runLine(line: string, { folder, env }: Place): Promise<string[]> {
  const { status, signal, stdout, stderr } = await runProcess('/bin/sh', ['-c', line], { cwd: folder, env });
  const ended = signal ?? status;
  return [...marked('|', stdout), ...marked('!', stderr), ...(ended === 0 ? [] : [`= ${ended}`])];
}

function marked(mark: string, text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines.push('(no line break)');
  return lines.map((line) => `${mark} ${line}`.trimEnd());
}

function isAsExpected(came: string, expected: string | undefined, { folder, home }: Place): boolean {
  if (expected === undefined) return false;
  const pattern = expected
    .split(/(<[a-z]+>)/)
    .map((part) => {
      if (part === '<home>') return escaped(home);
      if (part === '<here>') return escaped(folder);
      return PLACEHOLDERS[part] ?? escaped(part);
    })
    .join('');
  return new RegExp(`^${pattern}$`).test(came);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

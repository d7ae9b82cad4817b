import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Terminal } from '../../../src/cli/terminal/terminal.js';

/** What is said of an error with --verbose. */
async function said(error: unknown): Promise<string> {
  const out = new PassThrough();
  const terminal = new Terminal(out as unknown as NodeJS.WriteStream, {});
  terminal.configure({ quiet: false, verbose: true, noProgress: true });
  terminal.fail({ what: 'it failed' }, error);
  out.end();
  return text(out);
}

it.each([80, 24, 12, 10, 4, 1])('progress fits into one line of %i columns', (columns) => {
  const written: string[] = [];
  const out = { isTTY: true, columns, on: () => undefined, write: (text: string) => written.push(text) };
  new Terminal(out as unknown as NodeJS.WriteStream, {}).progress(
    '1 GiB of 2 GiB, 50 %, 512 MiB/s, 2 s left',
  );
  const line = written.join('').replace('\r\u001b[K', '');
  expect(line.length).toBeLessThan(Math.max(columns, 2));
  expect('sealpipe: 1 GiB of 2 GiB, 50 %, 512 MiB/s, 2 s left'.startsWith(line)).toBe(true);
});

it('--verbose shows an error, even one that throws when it is inspected', async () => {
  const trap = () => {
    throw new Error('trapped');
  };
  expect(await said(new Error('why\u202e'))).toMatch(
    /^sealpipe: error: it failed\n {2}Error: why\\u\{202e\}\n/,
  );
  const custom = Object.assign(new Error('why'), { [inspect.custom]: trap });
  expect(await said(custom)).toContain('Error: why');
  const hostile = Object.defineProperties(new Error('why'), { stack: { get: trap }, name: { get: trap } });
  expect(await said(hostile)).toMatch(/^sealpipe: error: it failed\n/);
});

it.each([
  [{}, ['announced', 'noted', 'error: failed\n  Try again']],
  [{ verbose: true }, ['announced', 'noted', 'detailed', 'error: failed\n  Try again']],
  [{ quiet: true }, ['announced', 'error: failed\n  Try again']],
  [{ hushed: true, verbose: true }, ['announced', 'error: failed\n  Try again']],
  [{ mute: true, verbose: true }, []],
])('%j decides what is printed', async (manner: { [name: string]: boolean }, lines) => {
  const out = new PassThrough();
  const terminal = new Terminal(out as unknown as NodeJS.WriteStream, {});
  terminal.configure({ quiet: manner.quiet === true, verbose: manner.verbose === true, noProgress: false });
  if (manner.hushed) terminal.hush();
  if (manner.mute) terminal.mute();
  terminal.announce('announced');
  terminal.note('noted');
  terminal.detail('detailed');
  terminal.fail({ what: 'failed', hint: 'Try again' }, 'reason');
  out.end();
  const printed = (await text(out)).replace("  'reason'\n", '');
  expect(printed).toBe(lines.map((line) => `sealpipe: ${line}\n`).join(''));
});

it.each([
  [true, {}, true, true],
  [true, { NO_COLOR: '1' }, true, false],
  [true, { NO_COLOR: '' }, true, true],
  [true, { TERM: 'dumb' }, false, false],
  [false, {}, false, false],
])(
  'a terminal (%s) in the environment %j shows progress: %s, and colours: %s',
  (isTTY, env, progress, colours) => {
    const written: string[] = [];
    const out = { isTTY, on: () => undefined, write: (piece: string) => written.push(piece) };
    const terminal = new Terminal(out as unknown as NodeJS.WriteStream, env);
    expect([terminal.showsProgress, terminal.isOnTerminal]).toEqual([progress, isTTY]);
    for (const off of ['quiet', 'noProgress']) {
      terminal.configure({ quiet: false, verbose: false, noProgress: false, [off]: true });
      expect(terminal.showsProgress).toBe(false);
    }
    terminal.fail({ what: 'failed' }, undefined);
    expect(written.join('').includes('\u001b[31m')).toBe(colours);
  },
);

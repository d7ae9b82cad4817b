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

it('--verbose tells of an error, and what it does when it is looked at hides nothing', async () => {
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

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { eachFile, withName } from '../../../src/cli/commands/several.js';
import type { Invocation } from '../../../src/cli/invocation.js';
import { CommandError, misuse } from '../../../src/cli/terminal/command-error.js';
import { FILE_TROUBLE } from '../../../src/cli/terminal/messages/files/files.js';
import { SEALED_USAGE } from '../../../src/cli/terminal/messages/sealed.js';
import { STORE_TROUBLE } from '../../../src/cli/terminal/messages/store.js';
import { Terminal } from '../../../src/cli/terminal/terminal.js';

function underWay() {
  const out = new PassThrough();
  const aborting = new AbortController();
  const terminal = new Terminal(out as unknown as NodeJS.WriteStream, {});
  const invocation = { terminal, signal: aborting.signal } as Invocation;
  // Since Node 26, a read gives one piece of what is there.
  const said = () => {
    let text = '';
    for (let piece = out.read(); piece !== null; piece = out.read()) text += piece;
    return text;
  };
  return { invocation, stop: () => aborting.abort('SIGTERM'), said };
}

const failure = (status: number) => new CommandError(status, { what: `failure ${status}` });

/** Work that fails with the status that a name says, such as `3`. */
const asNamed =
  (done: string[] = []) =>
  async ({ name }: { readonly name: string }) => {
    done.push(name);
    if (name !== '0') throw failure(Number(name));
  };

describe('the same work with several files', () => {
  it.each([
    [['0', '5', '4', '3', '1', '2'], 3],
    [['0', '1', '2', '5', '4'], 4],
    [['2', '1', '5'], 5],
    [['2', '1'], 1],
    [['0', '2'], 2],
  ])('%j ends with status %d, after all of them', async (names, status) => {
    const { invocation, said } = underWay();
    const done: string[] = [];
    await expect(eachFile(names, invocation, undefined, asNamed(done))).rejects.toMatchObject({
      status,
      what: `${names.filter((name) => name !== '0').length} of ${names.length} failed`,
    });
    expect(done).toEqual(names);
    const lines = said().trimEnd().split('\n');
    expect(lines).toHaveLength(names.filter((name) => name !== '0').length);
  });

  it('succeeds if all succeed, and throws the failure of a single file itself', async () => {
    const { invocation } = underWay();
    await expect(eachFile(['0', '0'], invocation, undefined, asNamed())).resolves.toBeUndefined();
    await expect(eachFile(['4'], invocation, undefined, asNamed())).rejects.toMatchObject({
      what: 'failure 4',
    });
  });

  it('reports each failure once, whether there is one file or more', async () => {
    for (const names of [['3'], ['3', '0', '4']]) {
      const { invocation } = underWay();
      const told: string[] = [];
      const tell = async (name: string) => void told.push(name);
      await eachFile(names, invocation, undefined, asNamed(), { tell }).catch(() => undefined);
      expect(told).toEqual(names.filter((name) => name !== '0'));
    }
  });

  it('ends at once after a failure of the output', async () => {
    for (const names of [['3'], ['3', '0', '4']]) {
      const { invocation } = underWay();
      const done: string[] = [];
      const told: string[] = [];
      const handling = { isOfOutput: () => true, tell: async (name: string) => void told.push(name) };
      const run = eachFile(names, invocation, undefined, asNamed(done), handling);
      await expect(run).rejects.toMatchObject({ what: 'failure 3' });
      expect([done, told]).toEqual([['3'], []]);
    }
  });

  it('ends at once after a signal, and reports nothing', async () => {
    for (const names of [['3'], ['3', '0', '4']]) {
      const { invocation, stop, said } = underWay();
      const done: string[] = [];
      const told: string[] = [];
      const work = async (input: { readonly name: string }) => {
        stop();
        await asNamed(done)(input);
      };
      const run = eachFile(names, invocation, undefined, work, {
        tell: async (name) => void told.push(name),
      });
      await expect(run).rejects.toMatchObject({ what: 'failure 3' });
      expect([done, told, said()]).toEqual([['3'], [], '']);
    }
  });

  it('names a file in front of its failure, but not twice', async () => {
    const { invocation, said } = underWay();
    const messages: Record<string, string> = {
      a: 'cannot read a: gone',
      b: 'b is a directory',
      c: 'not authentic',
    };
    const work = async ({ name }: { readonly name: string }) => {
      throw new CommandError(1, { what: messages[name]!, subject: name === 'c' ? undefined : name });
    };
    await eachFile(['a', 'b', 'c', '/no/such/'], invocation, undefined, work).catch(() => undefined);
    expect(said().split('\n')).toEqual([
      'sealpipe: error: cannot read a: gone',
      'sealpipe: error: b is a directory',
      'sealpipe: error: c: not authentic',
      'sealpipe: error: cannot read /no/such/: no such file or directory',
      '',
    ]);
  });

  it('names what is not a regular file once', async () => {
    const { invocation, said } = underWay();
    const work = async ({ name }: { readonly name: string }) => {
      throw misuse(SEALED_USAGE.needsFile(name, 'its size is unknown'));
    };
    await eachFile(['fifo', '/dev/null'], invocation, undefined, work).catch(() => undefined);
    expect(
      said()
        .split('\n')
        .filter((line) => line.startsWith('sealpipe')),
    ).toEqual([
      'sealpipe: error: fifo is not a regular file: its size is unknown',
      'sealpipe: error: /dev/null is not a regular file: its size is unknown',
    ]);
  });

  it('names an upload that could not be removed once', () => {
    const name = 's3://the-bucket/x';
    expect(withName(name, FILE_TROUBLE.cannotWrite(name, 'access denied'))).toBe(
      `cannot write ${name}: access denied`,
    );
    expect(withName(name, STORE_TROUBLE.stillThere(name))).toBe(`${name}: the store still has parts of it`);
  });
});

import { describe, expect, it } from 'vitest';
import { barrelOffences, edgeOffences, realmOffences, topLevelAwaits } from './source-manners.js';
import { readSourceTree } from './source-tree.js';

const own = readSourceTree();

describe('the sources', () => {
  it('never wait at the top level', () =>
    expect([...own].flatMap(([path, text]) => topLevelAwaits(path, text))).toEqual([]));
  it('end the process and print nowhere but in the command', () => expect(edgeOffences(own)).toEqual([]));
  it('know what the caller gives in any realm', () => expect(realmOffences(own)).toEqual([]));
  it('have an index that re-exports and does nothing else', () => {
    expect(own.has('index.ts')).toBe(true);
    expect(barrelOffences('index.ts', own.get('index.ts') ?? '')).toEqual([]);
  });
});

describe('the top-level await guard', () => {
  it.each([
    'const x = await load();',
    'for await (const x of y) f(x);',
    'if (a) { await b; }',
    'const x = [await y];',
    'await using x = y;',
  ])('refuses %s', (text) =>
    expect(topLevelAwaits('a.ts', text)).toEqual(['src/a.ts:1 waits at the top level']),
  );

  it('lets functions wait', () => {
    const text =
      'async function f() { await x; for await (const y of z) g(y); }\nconst h = async () => { await x; };';
    expect(topLevelAwaits('a.ts', text)).toEqual([]);
  });
});

describe('the edge guard', () => {
  it('refuses both in the library and takes both in the command', () => {
    const text = 'process.exit(1);\nconsole.log(x);\nprocess.exitCode = 1;';
    expect(edgeOffences(new Map([['streams/a.ts', text]]))).toEqual([
      'src/streams/a.ts:1 ends the process',
      'src/streams/a.ts:2 uses console',
    ]);
    expect(edgeOffences(new Map([['cli/main.ts', text]]))).toEqual([]);
  });
});

describe('the realm guard', () => {
  it.each(['Uint8Array', 'AbortSignal', 'URL', 'Error'])(
    'refuses instanceof %s, but in the command',
    (name) => {
      const text = `if (value instanceof ${name}) f();`;
      expect(realmOffences(new Map([['keys/a.ts', text]]))).toEqual([
        'src/keys/a.ts:1 knows one realm only: use src/realms.ts',
      ]);
      expect(realmOffences(new Map([['cli/a.ts', text]]))).toEqual([]);
    },
  );

  it('takes instanceof with classes of our own', () =>
    expect(realmOffences(new Map([['keys/a.ts', 'if (value instanceof Provider) f();']]))).toEqual([]));
});

describe('the barrel guard', () => {
  it.each(["import './a.js';", 'export const x = 1;', 'const y = 2;', 'export {};'])('refuses %s', (text) =>
    expect(barrelOffences('index.ts', text)).toEqual(['src/index.ts:1 is no re-export']),
  );
  it('takes re-exports', () => {
    expect(
      barrelOffences('index.ts', "export { a } from './a.js';\nexport type { B } from './b.js';"),
    ).toEqual([]);
  });
});

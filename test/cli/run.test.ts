import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import { Terminal } from '../../src/cli/terminal/terminal.js';
import { makeTempFolder, tempFolder } from '../support/temp-folder.js';

const TEXT = randomBytes(200_000);

let folder: string;
const at = (name: string) => join(folder, name);
const names = async () => (await readdir(folder)).sort();

/** Runs a command line in this process. Words that begin with `@` are names in the folder. */
async function ran(words: readonly string[], onHeed: (abort: AbortController) => void = () => undefined) {
  const out = new PassThrough();
  const aborting = new AbortController();
  const status = await run(
    words.map((word) => word.replace('@', `${folder}/`)),
    {
      env: { SEALPIPE_HOME: at('home') },
      signal: aborting.signal,
      heedSignal: () => onHeed(aborting),
      mayTake: () => undefined,
      divertHangUp: () => undefined,
      terminal: new Terminal(out as unknown as NodeJS.WriteStream, {}),
      newFileMode: 0o640,
    },
  );
  out.end();
  return { status, said: (await text(out)).replaceAll(`${folder}/`, '') };
}

const seal = (...more: string[]) => ran(['encrypt', '-k', 'file:@k', ...more]);
const open = (...more: string[]) => ran(['decrypt', '-k', 'file:@k', ...more]);

/** Makes a folder with keys, a sealed file and damaged copies of it. */
async function fill(): Promise<void> {
  await writeFile(at('k'), randomBytes(32).toString('hex'), { mode: 0o600 });
  await writeFile(at('other'), randomBytes(32).toString('hex'), { mode: 0o600 });
  await writeFile(at('plain'), TEXT, { mode: 0o644 });
  await mkdir(at('d'));
  await symlink('nowhere', at('dangling'));
  expect(await seal('@plain', '-o', '@sealed', '-c', 'purpose=test')).toEqual({ status: 0, said: '' });
  const sealed = await readFile(at('sealed'));
  await writeFile(at('cut'), sealed.subarray(0, 150_000));
  await writeFile(at('stub'), sealed.subarray(0, 100));
  const bad = Buffer.from(sealed);
  bad[bad.length - 100_000]! ^= 1;
  await writeFile(at('bad'), bad);
  await writeFile(at('longer'), Buffer.concat([sealed, Buffer.alloc(70_000)]));
}

describe('a command', () => {
  beforeEach(async () => {
    folder = await tempFolder();
    await fill();
  });

  it('that succeeds has status 0, and what it made is whole', async () => {
    expect((await stat(at('sealed'))).mode & 0o777).toBe(0o640);
    expect(await open('@sealed', '-o', '@opened')).toEqual({ status: 0, said: '' });
    expect((await readFile(at('opened'))).equals(TEXT)).toBe(true);
    expect(await open('@sealed', '-o', '@part', '--range', '10-19')).toEqual({ status: 0, said: '' });
    expect((await readFile(at('part'))).equals(TEXT.subarray(10, 20))).toBe(true);
    expect((await open('@sealed', '-o', '@part', '--range', '-5', '--force')).status).toBe(0);
    expect((await readFile(at('part'))).equals(TEXT.subarray(-5))).toBe(true);
    expect((await ran(['recover', '-k', 'file:@k', '@sealed', '-o', '@saved'])).status).toBe(0);
    expect((await readFile(at('saved'))).equals(TEXT)).toBe(true);
    expect((await seal('@plain', '--layout', 'record', '-o', '@records')).status).toBe(0);
    expect((await open('@records', '-o', '@opened', '-f')).status).toBe(0);
    expect((await readFile(at('opened'))).equals(TEXT)).toBe(true);
  });

  it('keeps what recover saved of a part, with status 4', async () => {
    const { status, said } = await ran(['recover', '-k', 'file:@k', '@cut', '-o', '@new']);
    expect([status, said]).toEqual([4, expect.stringContaining('something is missing')]);
    const saved = await readFile(at('new'));
    expect(saved.equals(TEXT.subarray(0, saved.length)) && saved.length > 65_536).toBe(true);
  });

  it('replaces a file only with --force, and only by a complete one', async () => {
    expect((await open('@bad', '-o', '@plain', '--force')).status).toBe(3);
    expect((await readFile(at('plain'))).equals(TEXT)).toBe(true);
    expect((await open('@sealed', '-o', '@other', '--force')).status).toBe(0);
    expect((await readFile(at('other'))).equals(TEXT)).toBe(true);
    expect((await open('@sealed', '-o', '@dangling', '--force')).status).toBe(0);
    expect((await readFile(at('nowhere'))).equals(TEXT)).toBe(true);
  });

  it('prints details with --verbose, and neither them nor notes with --quiet', async () => {
    const { said } = await seal('@plain', '-o', '@new', '-v');
    expect(said).toContain('AES-256-GCM, frames of 64 KiB, fixed layout\n');
    expect(said).toMatch(/sealed for the key file with fingerprint .*\n.*200,000 bytes in, /);
    expect((await open('@new', '-o', '@again', '-v')).said).toMatch(/opened with .*file/);
    const failed = await open('@none', '-o', '@new', '-q');
    expect(failed.said).toBe('sealpipe: error: cannot read none: no such file or directory\n');
  });

  it('inspects several files: what it could read, and the status of what it could not', async () => {
    const { status, said } = await ran(['inspect', '@sealed', '@stub', '@plain', '@none', '-o', '@table']);
    expect([status, said]).toEqual([3, expect.stringContaining('3 of 4 failed')]);
    const rows = String(await readFile(at('table')))
      .trim()
      .split('\n');
    expect(rows).toHaveLength(4);
    expect(rows.at(-1)).toContain('200,000 bytes');
  });
});

describe('a command that fails', () => {
  // Once, because these tests change nothing.
  beforeAll(async () => {
    folder = await makeTempFolder();
    await fill();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    [1, 'decrypt @none -o @new', 'cannot read none: no such file or directory'],
    [1, 'decrypt @d -o @new', 'd is a directory'],
    [1, 'decrypt @sealed -o @d', 'd is a directory'],
    [1, 'decrypt @sealed -o @d/', 'd/ is a directory'],
    [1, 'decrypt @sealed -o @none/new', 'cannot write none/new: no such file or directory'],
    [1, 'encrypt -k file:@k @plain -o @new --expected-size 7', 'more than the 7 bytes that were expected'],
    [1, 'encrypt -k file:@k @plain -o @new --expected-size 200001', '200000 of the 200001 bytes'],
    [1, 'verify @d', 'Name a file in it, or write d/ for all files in it.'],
    [1, 'rewrap -k file:@k --to file:@other @d', 'Name a file in it, or write d/ for all files in it.'],
    [1, 'inspect @d', 'Name a file in it, or write d/ for all files in it.'],
    [1, 'verify @d/', 'there are no files in d/'],
    [2, 'decrypt @sealed -o @sealed', 'sealed is the same file as sealed'],
    [2, 'decrypt @sealed -o @plain', 'plain already exists'],
    [2, 'decrypt @sealed -o @dangling', 'dangling is a symbolic link to nowhere, which does not exist'],
    [2, 'decrypt @sealed -o @k -f', 'k is the same file as the key'],
    [2, 'decrypt @k -o @new', 'k is used twice'],
    [2, 'decrypt @sealed -o @new --range 200000-', 'there is nothing in the range'],
    [2, 'decrypt @sealed --json', '--json needs -o FILE'],
    [2, 'decrypt @sealed -o @new --concurrency 2', 'concurrency'],
    [2, 'decrypt @sealed -o @new --engine none', 'invalid value none'],
    [2, 'recover @sealed', 'recover needs -o OUT'],
    [2, 'recover - -o @new', 'standard input is not a regular file'],
    [2, 'verify --sample 5% --digest sha256 @sealed', 'do not go together'],
    [2, 'verify - -', '- was named twice'],
    [2, 'encrypt -k file:@k @plain -o @new --grace 1s', '--grace needs --layout record'],
    [2, 'encrypt -k file:@k @plain -o @new --end-on-signal', '--end-on-signal needs --layout record'],
    [2, 'encrypt -k file:@k @plain -o @new --withhold-context', '--withhold-context needs --context'],
    [2, 'encrypt -k file:@k -o @new --layout record --end-on-signal -- true', 'does not go with -- CMD'],
    [2, 'encrypt -k file:@k @plain -o @new --ok-status 1', '--ok-status needs a command'],
    [3, 'decrypt @plain -o @new', 'not a sealpipe stream'],
    [3, 'decrypt @bad -o @new', 'not authentic'],
    [3, 'decrypt @longer -o @new', ''],
    [3, 'decrypt @sealed -o @new -c purpose=other', 'encryption context'],
    [3, 'recover @stub -o @new', 'cut short'],
    [3, 'recover @plain -o @new', 'not a sealpipe stream'],
    [4, 'decrypt @cut -o @new', 'cut short'],
    [4, 'decrypt @stub -o @new', 'cut short'],
    [5, 'decrypt -k file:@other @sealed -o @new', 'not for file:other'],
    [5, 'decrypt -k local:alias/x @sealed -o @new', 'embedded KMS'],
    [5, 'encrypt @plain -o @new', 'no key was given'],
    [5, 'encrypt -k file:@none @plain -o @new', 'cannot read the key file none'],
  ])('ends with %d and leaves no file: %s', async (status, line, why) => {
    const before = await names();
    const words = line.split(' ');
    const hasKey = words.includes('-k') || words[0] === 'encrypt' || words[0] === 'inspect';
    const ended = await ran(hasKey ? words : [words[0]!, '-k', 'file:@k', ...words.slice(1)]);
    expect(ended).toEqual({ status, said: expect.stringContaining(why) });
    expect(await names()).toEqual(before);
    expect((await readFile(at('plain'))).equals(TEXT)).toBe(true);
  });

  it.each([
    ['fixed', 'SIGTERM', 143],
    ['fixed', 'SIGINT', 130],
    ['record', 'SIGHUP', 129],
  ] as const)(
    'of the %s layout that %s aborts ends with %d and leaves no file',
    async (layout, name, status) => {
      const before = await names();
      const words = ['encrypt', '-k', 'file:@k', '@plain', '-o', '@new', '--layout', layout];
      expect(await ran(words, (aborting) => aborting.abort(name))).toEqual({ status, said: '' });
      expect(await names()).toEqual(before);
    },
  );
});

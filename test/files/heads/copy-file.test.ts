import { appendFile, chmod, chown, link, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CopyTerms } from '../../../src/files/heads/copy-file.js';
import { replaceByCopy } from '../../../src/files/heads/copy-file.js';
import { openLocked } from '../../../src/files/heads/locked-file.js';
import { journalPath } from '../../../src/files/heads/replace-head.js';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { crashStates } from '../../support/crash/crash-states.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { runProcess } from '../../support/run-process.js';
import { randomOf } from '../../support/sample.js';
import { tempFolder } from '../../support/temp-folder.js';
import { fileOf, headOf } from './heads.js';

const OLD = headOf(1);
const NEW = headOf(2, 3_000);
const REST = Buffer.alloc(3_000_000, 'rest');

let path: string;

beforeEach(async () => {
  path = join(await tempFolder(), 'a.sealed');
  await writeFile(path, fileOf(OLD, REST));
});

async function copy(over: Partial<CopyTerms> = {}): Promise<number> {
  const target = await openLocked(systemFiles, path);
  try {
    return await replaceByCopy(systemFiles, target, {
      oldLength: OLD.length,
      head: NEW,
      breakLinks: false,
      assertWhole: async () => undefined,
      signal: new AbortController().signal,
      ...over,
    });
  } finally {
    await target.file.close();
  }
}

async function expectUntouched(work: Promise<unknown>, code: string): Promise<void> {
  await expect(work).rejects.toMatchObject({ code });
  expect((await readFile(path)).subarray(0, OLD.length)).toEqual(OLD);
  expect((await readdir(join(path, '..'))).filter((name) => name.includes('copy'))).toEqual([]);
}

describe('a file that is replaced by a copy', () => {
  it('has another head and the same rest, and nothing else is left', async () => {
    expect(await copy()).toBe(NEW.length + REST.length);
    expect((await readFile(path)).equals(fileOf(NEW, REST))).toBe(true);
    expect(await readdir(join(path, '..'))).toEqual(['a.sealed']);
  });

  it('survives a power cut after every operation', async () => {
    const rest = Buffer.alloc(900, 'r');
    const files = new RecordedFiles(new Map([['/f/a', fileOf(OLD, rest)]]), { hasLocks: false });
    const terms = { oldLength: OLD.length, head: NEW, breakLinks: false, assertWhole: async () => undefined };
    await replaceByCopy(files, await openLocked(files, '/f/a'), {
      ...terms,
      signal: new AbortController().signal,
    });
    expect(files.state.get('/f/a')).toEqual(fileOf(NEW, rest));
    for (const { disk } of crashStates(files.initial, files.operations, randomOf('crashes of a copy'))) {
      const content = disk.get('/f/a');
      expect([OLD, NEW].some((head) => content?.equals(fileOf(head, rest)))).toBe(true);
    }
  });

  it('keeps its mode, its owner, its ACL and its extended attributes', async (context) => {
    onlyWhere(context, process.platform === 'linux', 'the attributes are those of Linux');
    await chmod(path, 0o640);
    if (process.getuid?.() === 0) await chown(path, 54_321, 54_322);
    const before = await stat(path);
    // An ACL of version 2: u::rw-, u:1234:r--, g::r--, m::r--, o::---
    const acl = '0200000001000600ffffffff02000400d204000004000400ffffffff10000400ffffffff20000000ffffffff';
    const python = async (code: string) => {
      const { stdout, stderr } = await runProcess('python3', ['-c', `import os,sys\n${code}`, path]);
      expect(stderr).toBe('');
      return stdout;
    };
    await python(
      `os.setxattr(sys.argv[1], 'user.note', b'kept')\nos.setxattr(sys.argv[1], 'system.posix_acl_access', bytes.fromhex('${acl}'))`,
    );
    await copy();
    const { mode, uid, gid } = await stat(path);
    expect([mode, uid, gid]).toEqual([before.mode, before.uid, before.gid]);
    const read =
      "print(os.getxattr(sys.argv[1], 'user.note'), os.getxattr(sys.argv[1], 'system.posix_acl_access').hex())";
    expect(await python(read)).toBe(`b'kept' ${acl}\n`);
  });

  it('is left alone if it grew while it was copied: its tail is not lost', async () => {
    await expectUntouched(copy({ assertWhole: () => appendFile(path, 'more') }), 'ERR_SEALPIPE_CHANGED');
    expect((await readFile(path)).equals(fileOf(OLD, Buffer.concat([REST, Buffer.from('more')])))).toBe(true);
  });

  it('is left alone if it was only touched, or another file has its name', async () => {
    await expectUntouched(copy({ assertWhole: () => utimes(path, 1, 1) }), 'ERR_SEALPIPE_CHANGED');
    const replaced = copy({
      assertWhole: async () => {
        await writeFile(`${path}.new`, fileOf(OLD, Buffer.from('another')));
        await systemFiles.rename(`${path}.new`, path);
      },
    });
    await expectUntouched(replaced, 'ERR_SEALPIPE_CHANGED');
  });

  it('is left alone if it is not whole, or the run is aborted', async () => {
    const notWhole = Object.assign(new Error('cut'), { code: 'ERR_SEALPIPE_TRUNCATED' });
    await expectUntouched(copy({ assertWhole: () => Promise.reject(notWhole) }), 'ERR_SEALPIPE_TRUNCATED');
    const reason = Object.assign(new Error('stop'), { code: 'STOP' });
    await expectUntouched(copy({ signal: AbortSignal.abort(reason) }), 'STOP');
  });

  it('is left alone while a journal lies beside it', async () => {
    await writeFile(journalPath(path), 'anything');
    await expectUntouched(copy(), 'ERR_SEALPIPE_LOCKED');
    expect(await readFile(journalPath(path), 'utf8')).toBe('anything');
  });

  it('is left alone if it has other names, unless told to break them', async () => {
    await link(path, `${path}.other`);
    await expectUntouched(copy(), 'ERR_SEALPIPE_OPTIONS');
    await copy({ breakLinks: true });
    expect((await readFile(path)).equals(fileOf(NEW, REST))).toBe(true);
    expect((await readFile(`${path}.other`)).equals(fileOf(OLD, REST))).toBe(true);
  });
});

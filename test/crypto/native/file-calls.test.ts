import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadAddon } from '../../../src/crypto/native/addon.js';
import { copyAttributes, lockFile } from '../../../src/crypto/native/file-calls.js';
import { runProcess } from '../../support/run-process.js';
import { tempFolder } from '../../support/temp-folder.js';
import { needsAddon } from './addon-here.js';
import { WRONG_NUMBERS } from './wrong-values.js';

needsAddon();

async function somePath(): Promise<string> {
  const path = join(await tempFolder(), 'file');
  writeFileSync(path, 'content');
  return path;
}

function opened(path: string, flags = 'r+'): number {
  const descriptor = openSync(path, flags);
  onTestFinished(() => {
    try {
      closeSync(descriptor);
    } catch {
      // The test has closed it.
    }
  });
  return descriptor;
}

describe('the lock of an open file', () => {
  it('is held by one open file at a time, until that is closed', async () => {
    const path = await somePath();
    const [first, second] = [opened(path), opened(path)];
    expect(lockFile(first)).toBe('locked');
    expect(lockFile(first)).toBe('locked');
    expect(lockFile(second)).toBe('held');
    closeSync(first);
    expect(lockFile(second)).toBe('locked');
  });

  it('is not given up by another descriptor of the file that is closed', async () => {
    const path = await somePath();
    const [first, second, third] = [opened(path), opened(path), opened(path)];
    lockFile(first);
    closeSync(second);
    expect(lockFile(third)).toBe('held');
  });

  it('holds against other processes, and ends with one that is killed', async () => {
    const path = await somePath();
    const addon = `require(${JSON.stringify(join(import.meta.dirname, '../../../src/crypto/native', `frame-cipher-${process.platform}-${process.arch}.node`))})`;
    const script = (then: string) =>
      `console.log(String(${addon}.lockFile(require('fs').openSync(${JSON.stringify(path)}, 'r+')))); ${then}`;
    const descriptor = opened(path);
    lockFile(descriptor);
    expect((await runProcess(process.execPath, ['-e', script('')])).stdout).toBe('EAGAIN\n');
    closeSync(descriptor);
    const killed = await runProcess(process.execPath, ['-e', script("process.kill(process.pid, 'SIGKILL')")]);
    expect(killed).toMatchObject({ stdout: 'undefined\n', signal: 'SIGKILL' });
    expect(lockFile(opened(path))).toBe('locked');
  });

  it('needs a file that is open for writing', async () => {
    const descriptor = opened(await somePath(), 'r');
    expect(() => lockFile(descriptor)).toThrow(expect.objectContaining({ code: 'EBADF', syscall: 'fcntl' }));
  });
});

describe('the calls for files', () => {
  it.each(WRONG_NUMBERS)('refuse %s for a descriptor', (_, value) => {
    const addon = loadAddon();
    if (typeof addon === 'string') throw new Error(addon);
    const refused = expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' });
    expect(() => addon.lockFile(value as number)).toThrow(refused);
    expect(() => addon.copyAttributes(value as number, 0)).toThrow(refused);
    expect(() => addon.copyAttributes(0, value as number)).toThrow(refused);
  });

  it('name the error of a descriptor that is not open', () => {
    expect(() => lockFile(2 ** 30)).toThrow(expect.objectContaining({ code: 'EBADF' }));
    expect(() => copyAttributes(2 ** 30, 0)).toThrow(expect.objectContaining({ code: 'EBADF' }));
  });

  it('copy extended attributes, and take away what was there besides', async () => {
    const folder = await tempFolder();
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    mkdirSync(folder, { recursive: true });
    for (const path of [from, to]) writeFileSync(path, '');
    const python = (code: string) => runProcess('python3', ['-c', `import os,sys\n${code}`, from, to]);
    const set = await python(
      "os.setxattr(sys.argv[1], 'user.a', b'1'); os.setxattr(sys.argv[1], 'user.empty', b''); os.setxattr(sys.argv[2], 'user.b', b'2'); os.setxattr(sys.argv[2], 'user.a', b'old')",
    );
    expect(set.stderr).toBe('');
    expect(copyAttributes(opened(from), opened(to))).toBe(true);
    const { stdout } = await python(
      'print(sorted((n, os.getxattr(sys.argv[2], n)) for n in os.listxattr(sys.argv[2])))',
    );
    expect(stdout).toBe("[('user.a', b'1'), ('user.empty', b'')]\n");
  });
});

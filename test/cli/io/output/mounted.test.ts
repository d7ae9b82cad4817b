import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prerequisite } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import { makePlace } from '../../support/command.js';
import { KEY_TEXT } from '../../support/running.js';

describe('a file that something is mounted on', () => {
  it('is not replaced, and the way to write into it is named before anything is read', async (context) => {
    const { status: mountable } = await runProcess('unshare', ['-m', 'true']).catch(() => ({ status: null }));
    prerequisite(context, mountable === 0, 'a mount namespace of our own (unshare -m, as root)');
    const { folder: cwd, env } = await makePlace();
    await writeFile(join(cwd, 'k'), KEY_TEXT, { mode: 0o600 });
    const script = `set -e; printf hello > a; printf below > 'b c'; printf above > m
      sealpipe encrypt -k file:k a -o s; mount --bind m 'b c'
      sealpipe decrypt -k file:k s -f -o 'b c' && exit 9 || echo "= $?"; cat 'b c'; echo
      sealpipe encrypt -k file:k --layout record -f -o 'b c' -- touch started && exit 9 || echo "= $?"
      sealpipe decrypt -k file:k s > 'b c'; cat m; echo; ls -A`;
    const { status, stdout, stderr } = await runProcess('unshare', ['-m', 'sh', '-c', script], { cwd, env });
    const said = `sealpipe: error: cannot replace b c: something is mounted there
  Without -o, > 'b c' writes into it; its old content is then given up at once.
`;
    expect([status, stdout, stderr]).toEqual([0, '= 1\nabove\n= 1\nhello\na\nb c\nk\nm\ns\n', said + said]);
    expect(await readFile(join(cwd, 'b c'), 'utf8')).toBe('below');
  });
});

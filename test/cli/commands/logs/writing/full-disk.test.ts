import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { prerequisite } from '../../../../support/prerequisite.js';
import { runProcess } from '../../../../support/run-process.js';
import { placeWithKey } from '../archives.js';

const LINES = Array.from({ length: 6_000 }, (_, i) => `line ${i} ${'x'.repeat(100)}\n`).join('');
/** A disk of 1 MiB that a file fills but for 200 KiB. */
const FULL = `set -e; mkdir disk; mount -t tmpfs -o size=1m none disk; head -c 800K /dev/zero > disk/filler`;
const WRITE = 'sealpipe logs write -k file:k --compress none disk/logs';

describe('logs write on a disk that is full', { timeout: 120_000 }, () => {
  beforeEach(async (context) => {
    const { status } = await runProcess('unshare', ['-m', 'true']).catch(() => ({ status: null }));
    prerequisite(context, status === 0, 'a mount namespace of our own (unshare -m, as root)');
  });

  async function inNamespace(script: string) {
    const { folder: cwd, env } = await placeWithKey();
    await writeFile(join(cwd, 'lines'), LINES);
    const all = { cwd, env: { ...process.env, ...env } };
    return runProcess('unshare', ['-m', 'bash', '-c', `${FULL}\n${script}`], all);
  }

  it('goes on once there is room, and has every line', async () => {
    // The source ends once the writer was told that the disk is full.
    const { status, stdout, stderr } = await inNamespace(`
      : > said; { cat lines; until grep -q 'no space left' said; do sleep 0.1; done; rm disk/filler; } | ${WRITE} 2> said
      cat said >&2
      sealpipe logs cat -k file:k disk/logs | cmp - lines
      sealpipe logs verify -q -k file:k disk/logs | grep verdict`);
    expect([status, stdout]).toEqual([0, 'verdict     verified, open\n']);
    expect(stderr).toContain('no space left on device');
    expect(stderr).toContain('can be written again');
  });

  it('ends with 1 if there is never any, and the next run goes on behind what was sealed', async () => {
    const { status, stdout, stderr } = await inNamespace(`
      ${WRITE} < lines && exit 9 || echo "= $?"; rm disk/filler
      sealpipe logs cat -k file:k disk/logs > some; cmp -n $(wc -c < some) some lines; [ -s some ]
      echo last | ${WRITE}; sealpipe logs cat -k file:k disk/logs | tail -n 1
      sealpipe logs verify -q -k file:k disk/logs | grep verdict`);
    expect([status, stdout]).toEqual([0, '= 1\nlast\nverdict     verified, open\n']);
    expect(stderr).toContain('no space left on device');
  });
});

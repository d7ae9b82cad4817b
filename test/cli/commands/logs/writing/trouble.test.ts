import { channel } from 'node:diagnostics_channel';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { TroubleNotes } from '../../../../../src/cli/commands/logs/writing/trouble-notes.js';
import { Terminal } from '../../../../../src/cli/terminal/terminal.js';
import { SealpipeError } from '../../../../../src/errors.js';
import { prerequisite } from '../../../../support/prerequisite.js';
import { runProcess } from '../../../../support/run-process.js';
import { placeWithKey, printed } from '../archives.js';

/** What is said of these messages. */
async function said(...messages: object[]): Promise<string[]> {
  const out = new PassThrough();
  const notes = new TroubleNotes(new Terminal(out as unknown as NodeJS.WriteStream, {}), 'logs', true);
  for (const message of messages) channel('sealpipe:logs').publish({ archive: '0'.repeat(32), ...message });
  notes.close();
  channel('sealpipe:logs').publish({ event: 'resumed', index: 0 });
  out.end();
  return (await text(out)).split('\n').slice(0, -1);
}

const full = Object.assign(new Error('[redacted]'), { code: 'ENOSPC' });
const broken = Object.assign(new Error('[redacted]'), { code: 'EIO' });

describe('logs write tells', () => {
  it('once that lines wait, and once that they do not any more', async () => {
    const waiting = { event: 'waiting', index: 3, error: full };
    const resumed = { event: 'resumed', index: 3 };
    expect(await said(waiting, resumed, waiting)).toEqual([
      'sealpipe: nothing can be written in logs at the moment (no space left on device): lines wait, and writing is retried',
      'sealpipe: logs can be written again',
      'sealpipe: nothing can be written in logs at the moment (no space left on device): lines wait, and writing is retried',
    ]);
  });

  it('of a segment that is given up, but not of each one while lines wait', async () => {
    const givenUp = { event: 'given-up', index: 3, error: broken };
    expect(await said(givenUp, { event: 'waiting', index: 4, error: broken }, givenUp, givenUp)).toEqual([
      'sealpipe: segment 3 was abandoned (i/o error): lines in it that were not safe go into the next one',
      expect.stringContaining('at the moment (i/o error)'),
    ]);
  });

  it('once that a key cannot be had, with words of the library alone', async () => {
    const down = new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', 'KMS cannot be reached');
    const failed = { event: 'key', index: 1, error: down };
    const opened = { event: 'open', index: 1 };
    expect(
      await said({ event: 'open', index: 0 }, failed, failed, opened, { event: 'open', index: 2 }),
    ).toEqual([
      'sealpipe: the key call for the next segment failed (KMS cannot be reached): the open segment continues, and the call is repeated',
      'sealpipe: the key call succeeded, and segment 1 has begun',
    ]);
    expect(await said({ event: 'key', index: 1, error: new Error('secret') })).toEqual([
      expect.stringContaining('(an unknown error)'),
    ]);
  });

  it('once that the store cannot be had, and of each archive that goes there no further', async () => {
    const failed = {
      event: 'not-stored',
      index: 1,
      error: new SealpipeError('ERR_SEALPIPE_STORE', 'S3 is down'),
    };
    const forked = {
      ...failed,
      error: new SealpipeError('ERR_SEALPIPE_ARCHIVE', 'The store has another segment 1'),
    };
    expect(
      await said(failed, failed, { event: 'stored', index: 1 }, { event: 'stored', index: 2 }, forked),
    ).toEqual([
      expect.stringContaining('segment 1 cannot be stored (S3 is down)'),
      expect.stringContaining('segment 1 was stored'),
      'sealpipe: an archive is not stored any further: the store has another segment 1',
    ]);
  });

  it('that a real disk is full, and loses no line', async (context) => {
    const { status: mountable } = await runProcess('unshare', ['-m', 'true']).catch(() => ({ status: null }));
    prerequisite(context, mountable === 0, 'a mount namespace of our own (unshare -m, as root)');
    const place = await placeWithKey();
    const { folder: cwd, env } = place;
    const script = `set -e; mkdir small logs; mount -t tmpfs -o size=256k none small; mkfifo lines
      sealpipe logs write -k file:k --compress none --flush-every 50ms small/logs < lines 2> said & writer=$!
      exec 3> lines; echo one >&3; until sealpipe logs cat -q -k file:k small/logs 2> /dev/null | grep -q one; do sleep 0.1; done
      head -c 1M /dev/zero > small/filler 2> /dev/null || true
      printf '%5000s\\n' x >&3; until grep -q 'lines wait' said; do sleep 0.1; done
      rm small/filler; until grep -q 'written again' said; do sleep 0.1; done
      echo two >&3; exec 3>&-; wait $writer; cp -r small/logs/* logs; cat said`;
    const { status, stdout } = await runProcess('unshare', ['-m', 'sh', '-c', script], { cwd, env });
    expect([status, stdout]).toEqual([
      0,
      'sealpipe: nothing can be written in small/logs at the moment (no space left on device): lines wait, and writing is retried\nsealpipe: small/logs can be written again\n',
    ]);
    expect(await printed(place)).toEqual([`one\n${'x'.padStart(5_000)}\ntwo\n`, 0]);
  });
});

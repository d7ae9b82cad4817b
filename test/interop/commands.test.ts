import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { rawKey } from '../../src/keys/raw.js';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { readHeader } from '../../src/streams/read-header.js';
import { onlyWhenSlow } from '../support/prerequisite.js';
import { tempFolder } from '../support/temp-folder.js';
import { KEY_NAME, WRAPPING_KEY } from '../vectors/material.js';
import { needsPython, runPython } from './python.js';

const KEY = ['--key-hex', WRAPPING_KEY.toString('hex'), '--key-name', KEY_NAME];
const CONTEXT = ['--context-json', '{"tenant":"a"}'];
const options = { keys: rawKey({ name: KEY_NAME, key: WRAPPING_KEY }), encryptionContext: { tenant: 'a' } };

describe('the independent commands', () => {
  beforeEach(needsPython);

  it('open a file of ours, and show its header', async () => {
    const path = join(await tempFolder(), 'ours.sealed');
    const sealed = await encrypt('from here', options);
    await writeFile(path, sealed);
    const opened = runPython('open_stream.py', [path, ...KEY, ...CONTEXT]);
    expect(opened).toEqual({ status: 0, stdout: Buffer.from('from here'), stderr: '' });
    const shown = JSON.parse(runPython('open_stream.py', [path, '--header']).stdout.toString());
    const header = await readHeader(sealed);
    expect(shown).toMatchObject({
      suite: 1,
      frameSizeLog2: 16,
      layout: 'fixed',
      preambleLength: header.preambleSize,
      salt: Buffer.from(header.salt).toString('hex'),
      commitment: Buffer.from(header.commitment).toString('hex'),
      bound: { context: { tenant: 'a' }, created: header.created / 1_000 },
    });
  });

  it('refuse a cut file of ours', async () => {
    const path = join(await tempFolder(), 'cut.sealed');
    await writeFile(path, (await encrypt('from here', options)).subarray(0, -1));
    const { status, stdout, stderr } = runPython('open_stream.py', [path, ...KEY]);
    expect([status, stdout.length]).toEqual([1, 0]);
    expect(JSON.parse(stderr)).toMatchObject({ error: 'authentication', atEnd: true });
  });

  it('seal what opens here', async () => {
    const switches = [
      '--suite',
      '4',
      '--withhold-context',
      '--extra-unknown-keys',
      '--no-pad',
      '--created',
      '5',
    ];
    const record = ['--layout', 'record', '--frame-size-log2', '12', '--flush-at', '1,4'];
    const sealed = runPython('seal_stream.py', [...KEY, ...CONTEXT, ...switches, ...record], 'from there');
    expect(sealed).toMatchObject({ status: 0, stderr: '' });
    expect((await decrypt(sealed.stdout, options)).toString()).toBe('from there');
  });

  it('pass their own check', (context) => {
    onlyWhenSlow(context);
    const { stdout, status } = runPython('self_check.py', []);
    expect([stdout.toString(), status]).toEqual([expect.stringContaining(' 0 failed'), 0]);
  });
});

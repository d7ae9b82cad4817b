import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeJournal } from '../../../../src/files/heads/head-journal.js';
import { journalPath } from '../../../../src/files/heads/replace-head.js';
import { readHeader } from '../../../../src/streams/read-header.js';
import { sampled } from '../../../support/sample.js';
import type { Place } from '../../support/command.js';
import { makePlace } from '../../support/command.js';
import { command } from '../../support/running.js';

let place: Place;
let path: string;
let old: Buffer;
let next: Buffer;

describe.each(['fixed', 'record'])('the command and a head that is torn, in the %s layout', (layout) => {
  beforeEach(async () => {
    const made = await makePlace();
    place = { ...made, env: { ...made.env, SEALPIPE_KEY: 'file:old\nfile:new' } };
    const { folder } = place;
    path = join(folder, 's');
    for (const name of ['old', 'new'])
      await writeFile(join(folder, name), randomBytes(32).toString('hex'), { mode: 0o600 });
    await writeFile(join(folder, 'plain'), 'plaintext');
    const seal = ['encrypt', '-k', 'file:old', '--layout', layout, 'plain', '-o', 's'];
    expect((await command(seal, place)).status).toBe(0);
    const before = await readFile(path);
    const rewrap = ['rewrap', 's', '-k', 'file:old', '--to', 'file:new'];
    expect((await command(rewrap, place)).status).toBe(0);
    const { preambleSize } = await readHeader(before);
    old = before.subarray(0, preambleSize);
    next = (await readFile(path)).subarray(0, preambleSize);
  });

  const withHead = async (head: Uint8Array) =>
    writeFile(path, Buffer.concat([head, (await readFile(path)).subarray(head.length)]));
  const withJournal = () => writeFile(journalPath(path), encodeJournal({ old, new: next }), { mode: 0o600 });

  /** Its envelope is malformed, or its wrapped key is half of the old and half of the new one. */
  const heads: Record<string, () => Promise<Buffer>> = {
    malformed: async () => Buffer.from(next).fill(0xff, next.length - 800),
    'not authentic': async () => {
      const { recipients } = await readHeader(next);
      const at = next.indexOf(recipients[0]!.wrapped) + 40;
      return Buffer.concat([next.subarray(0, at), old.subarray(at)]);
    },
  };

  const commands = [
    ['decrypt', 's', '-o', 'out'],
    ['decrypt', 's'],
    ['decrypt', '--range', '0-4', 's'],
    ['verify', 's'],
    ['inspect', 's'],
    ['inspect', 's', 's'],
  ];

  it.each(Object.keys(heads))('names the re-wrap that was interrupted, if it is %s', async (kind) => {
    await withHead(await heads[kind]!());
    const able = sampled(
      commands.filter(([name]) => kind === 'malformed' || name !== 'inspect'),
      3,
      `commands and a head that is ${kind}`,
    );
    for (const words of able) expect([words, (await command(words, place)).status]).toEqual([words, 3]);
    await withJournal();
    for (const words of able) {
      const { status, stderr } = await command(words, place);
      expect([words, status]).toEqual([words, 1]);
      expect(stderr).toContain('was interrupted');
      expect(stderr).toContain('.s.sealpipe-rewrap has what is needed');
    }
  });

  it('saves what the journal opens', async () => {
    await withHead(await heads.malformed!());
    expect((await command(['recover', 's', '-o', 'out'], place)).status).toBe(3);
    await withJournal();
    expect((await command(['recover', 's', '-o', 'out'], place)).status).toBe(0);
    expect(await readFile(join(place.folder, 'out'), 'utf8')).toBe('plaintext');
  });

  it('blames no re-wrap for a frame that is damaged', async () => {
    const bytes = await readFile(path);
    bytes[next.length + 6]! ^= 1;
    await writeFile(path, bytes);
    await withJournal();
    for (const words of sampled(commands.slice(0, 4), 2, 'commands and a damaged frame')) {
      const { status, stderr } = await command(words, place);
      expect([words, [3, 4].includes(status!)]).toEqual([words, true]);
      expect(stderr).not.toContain('re-wrap');
    }
  });
});

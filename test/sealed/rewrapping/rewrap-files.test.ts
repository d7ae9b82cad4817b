import { appendFile, link, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { journalPath } from '../../../src/files/heads/replace-head.js';
import { rewrap, rewrapOn } from '../../../src/sealed/rewrapping/rewrap.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { looseArray, looseBin, looseMap, looseStr, looseUint } from '../../reference/loose-pack.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { tempFolder } from '../../support/temp-folder.js';
import { expectOpens, expectRefused, raw, sealedFile, serviceKey } from './rewrap-kit.js';

const [OLD, NEW] = [raw('old'), raw('new')];
const MANY = Array.from({ length: 8 }, (_, i) => raw(`${i}`.padEnd(100, 'x')));

describe('a re-wrapped file', () => {
  it('is the same but for its envelope: prologue, bound and every frame', async () => {
    const path = await sealedFile([OLD], { encryptionContext: { purpose: 'test' } });
    const before = await readFile(path);
    const { preambleSize } = await readHeader(before);
    const { ino } = await stat(path);
    const report = await rewrap(path, { keys: OLD, to: NEW });
    const after = await readFile(path);
    expect(report).toMatchObject({ path, way: 'in place', finished: false, removed: [{ key: 'old' }] });
    expect((await stat(path)).ino).toBe(ino);
    expect(after.subarray(0, 84).equals(before.subarray(0, 84))).toBe(true);
    expect(after.subarray(preambleSize).equals(before.subarray(preambleSize))).toBe(true);
    expect(report.bytesWritten).toBeLessThanOrEqual(16_384);
    expect(await readdir(dirname(path))).toEqual(['file.sealed']);
    await expectOpens(path, [NEW], { purpose: 'test' });
  });

  it('is written to little, however large it is: 4 GiB and more', async () => {
    const path = await sealedFile([OLD]);
    await truncate(path, 2 ** 32 + 1_000_000);
    const { blocks } = await stat(path);
    const report = await rewrap(path, { keys: OLD, to: NEW });
    expect(report.bytesWritten).toBeLessThanOrEqual(16_384);
    expect((await stat(path)).blocks).toBeLessThanOrEqual(blocks + 32);
    const files = new RecordedFiles(new Map([['/f/a', await readFile(await sealedFile([OLD]))]]));
    const { bytesWritten } = await rewrapOn(files, '/f/a', { keys: OLD, to: NEW });
    const writes = files.operations.flatMap((one) => (one.kind === 'write' ? [one.bytes.length] : []));
    expect(writes.reduce((sum, length) => sum + length, 0)).toBe(bytesWritten);
  });

  it('is a copy where the new envelope does not fit, and the frames are the same', async () => {
    const path = await sealedFile([OLD]);
    const before = await readFile(path);
    const { preambleSize } = await readHeader(before);
    const report = await rewrap(path, { keys: OLD, add: MANY });
    const after = await readFile(path);
    const grown = (await readHeader(after)).preambleSize;
    expect(report).toMatchObject({ way: 'by copy', bytesWritten: after.length });
    expect(grown).toBeGreaterThan(preambleSize);
    expect(after.subarray(grown).equals(before.subarray(preambleSize))).toBe(true);
    expect(await readdir(dirname(path))).toEqual(['file.sealed']);
    await expectOpens(path, [OLD, ...MANY]);
  });

  it('fits in place again when it has fewer recipients', async () => {
    const path = await sealedFile([OLD, ...MANY]);
    const remove = MANY.slice(1).map(({ id }) => ({ provider: 'raw', key: id.slice('raw:'.length) }));
    expect(await rewrap(path, { keys: OLD, remove })).toMatchObject({ way: 'in place' });
    await expectOpens(path, [OLD, MANY[0]!]);
  });

  it('keeps what this release does not know of its envelope', async () => {
    const path = await sealedFile([OLD, raw('other')]);
    const bytes = await readFile(path);
    const { recipients, preambleSize } = await readHeader(bytes);
    const boundEnd = 84 + bytes.readUInt32BE(12);
    const rows = recipients.map(({ key, wrapped }) =>
      looseMap([
        ['later', looseUint(2 ** 53 - 1)],
        ['provider', looseStr('raw')],
        ['key', looseStr(key)],
        ['wrapped', looseBin(Buffer.from(wrapped))],
      ]),
    );
    const envelope = looseMap([
      ['future', looseArray([looseUint(7)])],
      ['recipients', looseArray(rows)],
      ['pad', looseBin(Buffer.alloc(200))],
    ]);
    const head = Buffer.concat([bytes.subarray(0, boundEnd), envelope]);
    head.writeUInt32BE(envelope.length, 16);
    await writeFile(path, Buffer.concat([head, bytes.subarray(preambleSize)]));
    expect(await rewrap(path, { keys: OLD, to: NEW })).toMatchObject({ way: 'in place' });
    const after = await readFile(path);
    expect(after.includes(rows[1]!)).toBe(true);
    expect(after.includes(Buffer.concat([looseStr('future'), looseArray([looseUint(7)])]))).toBe(true);
    await expectOpens(path, [NEW, raw('other')]);
  });

  it('is found by a link and by a URL, and the link stays', async () => {
    const path = await sealedFile([OLD]);
    const shortcut = join(await tempFolder(), 'shortcut');
    await symlink(path, shortcut);
    expect((await rewrap(shortcut, { keys: OLD, to: NEW })).path).toBe(path);
    await rewrap(pathToFileURL(path), { keys: NEW, to: OLD });
    await expectOpens(shortcut, [OLD]);
  });

  it('is left alone by the next run: that has been done', async () => {
    const [old, next] = [serviceKey('old'), serviceKey('new')];
    const path = await sealedFile([old]);
    await rewrap(path, { keys: old, to: next });
    old.calls.length = 0;
    expect(await rewrap(path, { keys: old, to: next })).toMatchObject({ way: 'unchanged', calls: [] });
    const alias = serviceKey('new', { id: 'alias/new' });
    expect(await rewrap(path, { keys: old, to: alias })).toMatchObject({ way: 'unchanged', checked: true });
    await expectRefused(
      path,
      () => rewrap(path, { keys: old, to: serviceKey('third') }),
      'ERR_SEALPIPE_KEY_MISMATCH',
    );
  });
});

describe('the encryption context of a re-wrap', () => {
  it('is that of the stream: required pairs are checked before any key call', async () => {
    const [old, next] = [serviceKey('old'), serviceKey('new')];
    const path = await sealedFile([old], { encryptionContext: { a: '1', b: '2' } });
    const options = { keys: old, to: next, encryptionContext: { a: '2' } };
    await expectRefused(path, () => rewrap(path, options), 'ERR_SEALPIPE_CONTEXT');
    expect(old.calls).toEqual([]);
    await rewrap(path, { ...options, encryptionContext: { a: '1' } });
    await expectOpens(path, [next], { a: '1', b: '2' });
  });

  it('is given as a whole where the stream withholds it', async () => {
    const context = { a: '1' };
    const path = await sealedFile([OLD], { encryptionContext: context, withholdContext: true });
    await expectRefused(path, () => rewrap(path, { keys: OLD, to: NEW }), 'ERR_SEALPIPE_CONTEXT');
    await rewrap(path, { keys: OLD, to: NEW, encryptionContext: context });
    await expectOpens(path, [NEW], context);
  });
});

describe('a copy', () => {
  const grow = { keys: OLD, add: MANY };

  it.each(['fixed', 'record'] as const)('is made of a whole stream alone: %s layout, cut', async (layout) => {
    const path = await sealedFile([OLD], { layout });
    const { size } = await stat(path);
    await truncate(path, size - 20);
    const code = layout === 'fixed' ? 'ERR_SEALPIPE_AUTHENTICATION' : 'ERR_SEALPIPE_TRUNCATED';
    await expectRefused(path, () => rewrap(path, grow), code);
    expect(await readdir(dirname(path))).toEqual(['file.sealed']);
  });

  it.each(['fixed', 'record'] as const)('needs no key to see that: %s layout, cut', async (layout) => {
    const [old, ...more] = Array.from({ length: 9 }, (_, i) => serviceKey(`${i}`.padEnd(100, 'x')));
    const path = await sealedFile([old!], { layout, frameSize: 4_096 });
    const whole = await readFile(path);
    const { preambleSize } = await readHeader(whole);
    const cut = layout === 'fixed' ? preambleSize + 2 * (4_096 + 16) : whole.length - 20;
    await truncate(path, cut);
    await expectRefused(path, () => rewrap(path, { keys: old!, add: more }), 'ERR_SEALPIPE_TRUNCATED');
    await writeFile(path, whole);
    expect(await rewrap(path, { keys: old!, add: more })).toMatchObject({ way: 'by copy', checked: false });
    await expectOpens(path, [old!, ...more]);
  });

  it('is refused where bytes follow the end, and of a file with other names unless told', async () => {
    const path = await sealedFile([OLD], { layout: 'record' });
    await link(path, `${path}.other`);
    await expectRefused(path, () => rewrap(path, grow), 'ERR_SEALPIPE_OPTIONS');
    await rewrap(path, { ...grow, breakLinks: true });
    await expectOpens(`${path}.other`, [OLD]);
    const longer = await sealedFile([OLD], { layout: 'record' });
    await appendFile(longer, 'x');
    await expectRefused(longer, () => rewrap(longer, grow), 'ERR_SEALPIPE_TRAILING_DATA');
  });

  it('is made where there are no locks, but not while a journal is there', async () => {
    const content = await readFile(await sealedFile([OLD]));
    const files = new RecordedFiles(new Map([['/f/a', content]]), { hasLocks: false });
    expect(await rewrapOn(files, '/f/a', { keys: OLD, to: NEW })).toMatchObject({ way: 'by copy' });
    const other = new Map([
      ['/f/a', content],
      [journalPath('/f/a'), Buffer.from('x')],
    ]);
    const refused = rewrapOn(new RecordedFiles(other, { hasLocks: false }), '/f/a', { keys: OLD, to: NEW });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LOCKED' });
  });
});

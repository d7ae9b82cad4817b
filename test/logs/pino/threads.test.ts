import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { logged, numbers, place } from './place.js';
import { close, failureOf, flushed, opened, sealed } from './transports.js';

describe('a transport that cannot begin', () => {
  it.for([
    ['an unknown option', { compres: false }, TypeError, 'Did you mean "compress"? (ERR_SEALPIPE_OPTIONS)'],
    ['no key', { key: undefined }, TypeError, '`key` must be the name of a key'],
    ['a number out of range', { flush: { bytes: 0 } }, RangeError, '(ERR_SEALPIPE_OPTIONS)'],
    ['no folder for it', { directory: '/nowhere/at/all' }, Error, 'ENOENT: no such file or directory'],
    ['a key that is not there', { key: 'file:/nowhere' }, Error, '(ERR_SEALPIPE_KEY_NOT_FOUND)'],
    ['no such key name', { key: 'backups' }, TypeError, '(ERR_SEALPIPE_OPTIONS)'],
  ] as const)('says so on the side of the logger: %s', async ([, more, kind, words], context) => {
    const transport = sealed(await place(context), more);
    const error = await failureOf(transport);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(words);
  });

  it('fails beside another one in the same folder, and takes nothing from it', async (context) => {
    const where = await place(context);
    const first = sealed(where);
    const logger = pino(first);
    logger.info({ n: 0 });
    await once(first, 'ready');
    const error = await failureOf(sealed(where));
    expect(error.message).toContain('(ERR_SEALPIPE_LOCKED)');
    logger.info({ n: 1 });
    await close(first);
    expect((await logged(where)).map(({ n }) => n)).toEqual([0, 1]);
  });
});

describe('a transport that fails while it runs', () => {
  it('says so if its folder is gone', async (context) => {
    const where = await place(context);
    const transport = sealed(where);
    const failed = failureOf(transport);
    const logger = pino(transport);
    logger.info('one');
    await flushed(logger);
    await rm(where.directory, { recursive: true });
    logger.info('two');
    await expect(flushed(logger)).rejects.toThrow('(ERR_SEALPIPE_ARCHIVE)');
    expect((await failed).message).toContain('(ERR_SEALPIPE_ARCHIVE)');
  });

  it('says so if its thread ends, and what was flushed is there when the archive goes on', async (context) => {
    const where = await place(context);
    const transport = sealed(where, { flush: { interval: 86_400_000 } });
    const failed = failureOf(transport);
    const logger = pino(transport);
    logger.info({ n: 0 });
    await flushed(logger);
    logger.info({ n: 'never flushed' });
    await transport.worker.terminate();
    expect((await failed).message).toBe('the worker thread exited');
    const next = sealed(where);
    pino(next).info({ n: 1 });
    await close(next);
    expect((await logged(where)).map(({ n }) => n)).toEqual([0, 1]);
  });
});

describe('a transport', () => {
  it('calls a flush back that came before it was ready, once the lines are durable', async (context) => {
    const where = await place(context);
    const transport = sealed(where, { flush: { interval: 86_400_000 } });
    const logger = pino(transport);
    for (const n of numbers(5_000)) logger.info({ n });
    await flushed(logger);
    expect((await logged(where)).map(({ n }) => n)).toEqual(numbers(5_000));
    await close(transport);
  });

  it('takes lines longer than what the threads share, cut anywhere', async (context) => {
    const where = await place(context);
    const transport = sealed(where, { compress: 'gzip' });
    const logger = pino(transport);
    const texts = ['€'.repeat(1_500_000), `x${'😀'.repeat(1_300_000)}`, '', 'short'];
    for (const text of texts) logger.info({ nested: { text } });
    await close(transport);
    expect((await logged(where)).map(({ nested }) => nested?.text === texts.shift())).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });
});

describe('a transport in a pipeline', () => {
  const LINES = 20_000;

  it('passes everything on unchanged', async (context) => {
    const where = await place(context);
    const destination = join(where.directory, '..', 'plain.log');
    const transport = opened({
      pipeline: [
        { target: 'sealpipe/pino', options: { ...where } },
        { target: 'pino/file', options: { destination } },
      ],
    });
    const logger = pino(transport);
    for (const n of numbers(LINES)) logger.info({ n, nested: { text: 'é€😀' } });
    await close(transport);
    const plain = await readFile(destination, 'utf8');
    const lines = await logged(where);
    expect(lines.map(({ n }) => n)).toEqual(numbers(LINES));
    expect(plain).toBe(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });

  it('may be the whole of it', async (context) => {
    const where = await place(context);
    const transport = opened({ pipeline: [{ target: 'sealpipe/pino', options: { ...where } }] });
    const logger = pino(transport);
    for (const n of numbers(LINES)) logger.info({ n });
    await close(transport);
    expect((await logged(where)).map(({ n }) => n)).toEqual(numbers(LINES));
  });

  it('fails loudly with the whole of it', async (context) => {
    const where = await place(context);
    const transport = opened({
      pipeline: [
        { target: 'sealpipe/pino', options: { ...where } },
        { target: 'pino/file', options: { destination: join(where.directory, '..', 'plain.log') } },
      ],
    });
    const failed = failureOf(transport);
    const logger = pino(transport);
    await once(transport, 'ready');
    await rm(where.directory, { recursive: true });
    logger.info('lost');
    expect((await failed).message).toContain('(ERR_SEALPIPE_ARCHIVE)');
  });

  it('fails loudly if what comes after it does', async (context) => {
    const where = await place(context);
    const transport = opened({
      pipeline: [
        { target: 'sealpipe/pino', options: { ...where } },
        { target: fileURLToPath(new URL('failing-target.mjs', import.meta.url)) },
      ],
    });
    const failed = failureOf(transport);
    pino(transport).info({ n: 0 });
    expect((await failed).message).toContain('this target fails');
    expect((await logged(where)).map(({ n }) => n)).toEqual([0]);
  });

  it('may be one of several targets', async (context) => {
    const where = await place(context);
    const destination = join(where.directory, '..', 'plain.log');
    const transport = opened({
      targets: [
        { target: 'sealpipe/pino', options: { ...where }, level: 'warn' },
        { target: 'pino/file', options: { destination } },
      ],
    });
    const logger = pino(transport);
    for (const n of numbers(1_000)) logger[n % 2 ? 'warn' : 'info']({ n });
    await close(transport);
    expect((await logged(where)).map(({ n }) => n)).toEqual(numbers(1_000).filter((n) => n % 2));
    expect((await readFile(destination, 'utf8')).split('\n')).toHaveLength(1_001);
  });
});

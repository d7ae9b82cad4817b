import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import type { TestContext } from 'vitest';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keyFrom } from '../../../src/keys/key-from.js';
import { openLogReader } from '../../../src/logs/reader/log-reader.js';
import type { Fault } from '../../keys/kms/fake-service.js';
import { refusal } from '../../keys/kms/fake-service.js';
import { serviceForTests } from '../../keys/kms/service-for-tests.js';
import { eventually } from '../../support/eventually.js';
import { logged, numbers, type Place, place } from './place.js';
import { close, failureOf, flushed, sealed } from './transports.js';

const service = serviceForTests();
/** What the archive is read with is answered. */
function toWrite<T>(operation: string, answer: T): T | undefined {
  return operation === 'GenerateDataKey' ? answer : undefined;
}
const OUTAGES: readonly (readonly [string, Fault, string])[] = [
  ['is down', ({ operation }) => toWrite(operation, 'reset'), 'ERR_SEALPIPE_KEY_UNAVAILABLE'],
  [
    'denies the key',
    ({ operation }) => toWrite(operation, refusal('AccessDeniedException')),
    'ERR_SEALPIPE_KEY_DENIED',
  ],
];
const [[, down]] = OUTAGES as [(typeof OUTAGES)[0]];
/** As small as segments can be. */
const SMALL = { rotate: { bytes: 4_096 }, flush: { interval: 10 }, compress: false };
/** Four of these are all that an open segment takes if the next key cannot be had. */
const LARGER = { ...SMALL, rotate: { bytes: 262_144 } };
const KILOBYTE = 'x'.repeat(1_000);
/** A segment takes units until it has four times `rotate.bytes`, and pino's have up to 448 KiB. */
const MOST_BYTES = 4 * LARGER.rotate.bytes + 458_752;

/** The thread of the transport finds the service as a program does, in the environment. */
beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL_KMS', service().endpoint);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  return () => vi.unstubAllEnvs();
});

const placeWithKms = async (context: TestContext): Promise<Place> => ({
  ...(await place(context)),
  key: service().kms.createKey(),
});

/** The data keys that were had, and not. */
const asked = () => service().received.filter(({ operation }) => operation === 'GenerateDataKey').length;

/** Lines that the archive has by now. */
const durable = async (where: Place) => (await logged(where)).length;

async function segmentsOf({ directory }: Place): Promise<string[]> {
  const [archive] = (await readdir(directory)).filter((name) => name.length === 32);
  return (await readdir(join(directory, archive!))).filter((name) => /\.(open|sealed)$/.test(name)).sort();
}

describe('a transport whose key service', () => {
  it.for(OUTAGES)(
    '%s when it starts says so, and leaves nothing in the way',
    async ([, fault, code], context) => {
      const where = await placeWithKms(context);
      service().fault = fault;
      const transport = sealed(where);
      const failed = failureOf(transport);
      const logger = pino(transport);
      logger.info({ n: -1 });
      expect((await failed).message).toContain(`(${code})`);
      service().fault = undefined;
      const next = sealed(where);
      pino(next).info({ n: 0 });
      // Its end would hold up this thread, which is the key service.
      await once(next, 'ready');
      await close(next);
      expect((await logged(where)).map(({ n }) => n)).toEqual([0]);
    },
  );

  it.for(OUTAGES)(
    '%s at a rotation goes on in the open segment, and acknowledges',
    async ([, fault], context) => {
      const where = await placeWithKms(context);
      const transport = sealed(where, SMALL);
      const errors: unknown[] = [];
      transport.on('error', (error: unknown) => errors.push(error));
      const logger = pino(transport);
      logger.info({ n: 0 });
      await flushed(logger);
      service().fault = fault;
      for (let n = 1; n < 8; n++) {
        logger.info({ n, nested: { text: KILOBYTE } });
        await flushed(logger);
      }
      await eventually(() => expect(asked()).toBeGreaterThan(1));
      expect(await segmentsOf(where)).toEqual(['000000000000.open']);
      expect((await logged(where)).map(({ n }) => n)).toEqual(numbers(8));
      service().fault = undefined;
      await eventually(async () => expect(await segmentsOf(where)).toHaveLength(2));
      logger.info({ n: 8 });
      await close(transport);
      expect((await logged(where)).map(({ n }) => n)).toEqual(numbers(9));
      expect(errors).toEqual([]);
    },
  );

  it.for([
    ['is there again', true],
    ['is still down at its end', false],
  ] as const)('%s has no line lost under `block`', async ([, comesBack], context) => {
    const LINES = 3_000;
    const where = await placeWithKms(context);
    const transport = sealed(where, LARGER);
    const logger = pino(transport);
    logger.info({ n: 0 });
    await flushed(logger);
    service().fault = down;
    for (let n = 1; n < LINES; n++) logger.info({ n, nested: { text: KILOBYTE } });
    let isDurable = false;
    const flush = flushed(logger).then(() => {
      isDurable = true;
    });
    await eventually(async () => expect(await durable(where)).toBeGreaterThan(900));
    await eventually(() => expect(asked()).toBeGreaterThan(2));
    expect(isDurable).toBe(false);
    expect(await durable(where)).toBeLessThan(MOST_BYTES / KILOBYTE.length);
    if (comesBack) service().fault = undefined;
    else await close(transport);
    await flush;
    if (comesBack) await close(transport);
    expect((await logged(where)).map(({ n }) => n)).toEqual(numbers(LINES));
    expect((await segmentsOf(where)).length > 1).toBe(comesBack);
  });

  it('is down for long counts the lines that it drops under `drop`, in the archive', async (context) => {
    const LINES = 300;
    const where = await placeWithKms(context);
    const transport = sealed(where, { ...LARGER, onFull: 'drop' });
    const logger = pino(transport);
    logger.info({ n: 0 });
    await flushed(logger);
    service().fault = down;
    const line = { nested: { text: 'x'.repeat(100_000) } };
    for (let n = 1; n < LINES; n++) logger.info({ n, ...line });
    await eventually(() => expect(asked()).toBeGreaterThan(2));
    service().fault = undefined;
    await flushed(logger);
    await close(transport);
    await using keys = await keyFrom(where.key);
    const reader = await openLogReader({ keys, directory: where.directory });
    const there: unknown[] = [];
    for await (const { line: text } of reader) there.push(JSON.parse(text.toString()).n);
    expect(there.length).toBeLessThan(LINES - 50);
    expect(reader.report.archives[0]!.dropped).toBe(LINES - there.length);
  });
});

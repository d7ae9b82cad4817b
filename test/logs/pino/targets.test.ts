import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { logged, type Place, place } from './place.js';
import { close, failureOf, opened, sealed } from './transports.js';

const messages = async (where: Place) => (await logged(where)).map(({ msg }) => msg);
const besides = ({ directory }: Place, name: string) => join(directory, '..', name);

function logAll(logger: pino.Logger): void {
  logger.debug('debug');
  logger.info('info');
  logger.warn('warn');
  logger.error('error');
}

describe('a transport beside others', () => {
  it('takes of `pino.multistream` what its level says', async (context) => {
    const [loud, all] = [await place(context), await place(context)];
    const transports = [sealed(loud), sealed(all)] as const;
    const logger = pino(
      { level: 'debug' },
      pino.multistream([
        { level: 'warn', stream: transports[0] },
        { level: 'debug', stream: transports[1] },
      ]),
    );
    logAll(logger);
    for (const transport of transports) await close(transport);
    expect(await messages(loud)).toEqual(['warn', 'error']);
    expect(await messages(all)).toEqual(['debug', 'info', 'warn', 'error']);
  });

  it('has a level of its own, also within a pipeline', async (context) => {
    const [first, second] = [await place(context), await place(context)];
    const plain = besides(second, 'plain.log');
    const transport = opened({
      targets: [
        { target: 'sealpipe/pino', level: 'info', options: { ...first } },
        {
          level: 'error',
          pipeline: [
            { target: 'sealpipe/pino', options: { ...second } },
            { target: 'pino/file', options: { destination: plain } },
          ],
        },
      ],
    } as pino.TransportMultiOptions);
    logAll(pino({ level: 'debug' }, transport));
    await close(transport);
    expect(await messages(first)).toEqual(['info', 'warn', 'error']);
    expect(await messages(second)).toEqual(['error']);
    expect((await readFile(plain, 'utf8')).split('\n')).toHaveLength(2);
  });

  it('is loud if it fails, although the others do not', async (context) => {
    const where = await place(context);
    const transport = opened({
      targets: [
        { target: 'sealpipe/pino', level: 'info', options: { ...where } },
        { target: 'pino/file', level: 'info', options: { destination: besides(where, 'plain.log') } },
      ],
    });
    const failed = failureOf(transport);
    const logger = pino(transport);
    await once(transport, 'ready');
    await rm(where.directory, { recursive: true });
    logger.info('lost');
    expect((await failed).message).toContain('(ERR_SEALPIPE_ARCHIVE)');
  });
});

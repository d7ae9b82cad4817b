import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import winston from 'winston';
import { tempFolder } from '../../support/temp-folder.js';
import { openWriter } from '../support/machine.js';
import { readLines } from '../support/proved.js';

describe('winston over the stream of a log writer', () => {
  it('has every line in the archive once its transport and the stream have ended', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory);
    const archive = new winston.transports.Stream({ stream: writer.stream });
    const logger = winston.createLogger({ format: winston.format.json(), transports: [archive] });
    for (let n = 0; n < 20_000; n++) logger.info('logged', { n, text: 'é€😀' });
    logger.debug('of a level that is left out');
    logger.end();
    await finished(archive);
    writer.stream.end();
    await finished(writer.stream);
    const lines = (await readLines(directory)).map((line) => JSON.parse(line));
    expect(lines.map(({ n }) => n)).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
    expect(lines[0]).toEqual({ level: 'info', message: 'logged', n: 0, text: 'é€😀' });
  });
});

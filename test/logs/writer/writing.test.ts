import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLogWriter } from '../../../src/logs/writer/open-log-writer.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { contentsOf, filesBelow, textOf } from '../support/archive-contents.js';
import { expectProof, readLines } from '../support/proved.js';

const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `line ${from + i}`);

describe('a log writer', () => {
  it('seals what was appended into a segment that ends with an index and a last frame', async () => {
    const directory = await tempFolder();
    const writer = await openLogWriter({ keys, directory, encryptionContext: { app: 'shop' } });
    for (const line of numbered(1_000)) writer.append(line);
    const end = await writer.end();
    expect(end.positions.durable).toEqual({ bytes: numbered(1_000).join('\n').length + 1, records: 1_000 });
    const segments = await contentsOf(filesBelow(directory));
    expect(textOf(segments)).toEqual(numbered(1_000));
    expect(segments.map(({ whole, index }) => [whole, index])).toEqual([[true, 0]]);
    expect(segments[0]!.header.encryptionContext).toEqual({ app: 'shop' });
    expect(segments[0]!.units.at(-1)).toMatchObject({ type: 'index', records: 1_000 });
    expect(segments[0]!.name).toMatch(/^000000000000-1\d{12}-1\d{12}\.sealed$/);
    expect(readdirSync(join(directory, end.archive)).sort()).toEqual([segments[0]!.name, 'acknowledged']);
  });

  it('begins a new segment with every start, which says how it found the one before', async () => {
    const directory = await tempFolder();
    for (let run = 0; run < 3; run++) {
      await using writer = await openLogWriter({ keys, directory });
      writer.append(`run ${run}`);
    }
    const segments = await contentsOf(filesBelow(directory));
    expect(textOf(segments)).toEqual(['run 0', 'run 1', 'run 2']);
    expect(segments.map(({ index, whole }) => [index, whole])).toEqual([
      [0, true],
      [1, true],
      [2, true],
    ]);
    expect(segments[2]!.records).toEqual([
      {
        kind: 'predecessor',
        index: 1,
        offset: segments[1]!.size - segments[1]!.header.preambleSize,
        whole: true,
        acknowledged: {
          index: 1,
          offset: segments[1]!.size - segments[1]!.header.preambleSize,
          records: 1,
        },
        loss: false,
      },
    ]);
  });

  it('gives every byte of a line back, of any length', async () => {
    const directory = await tempFolder();
    const lines = [
      Buffer.alloc(0),
      Buffer.from('with\nnewlines\n'),
      Buffer.from([0, 255, 10, 13, 10]),
      Buffer.alloc(70_000, 'x'),
      Buffer.alloc(300_000, 'ab\ncd'),
      Buffer.from('\n'),
      Buffer.alloc(131_046, 'y'),
      Buffer.alloc(131_045, 'z'),
      Buffer.alloc(0),
      Buffer.from('end'),
    ];
    const writer = await openLogWriter({ keys, directory });
    for (const line of lines) writer.append(line);
    await writer.end();
    const segments = await contentsOf(filesBelow(directory));
    expect(segments.flatMap((segment) => segment.lines).map((line) => line.toString('hex'))).toEqual(
      lines.map((line) => line.toString('hex')),
    );
    expect(await readLines(directory)).toEqual(lines.map((line) => line.toString()));
    await expectProof(directory);
  });
});

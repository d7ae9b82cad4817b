import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryFigure, ratioFigure } from '../../../bench/figures.mjs';
import { machine } from '../../../bench/machine.mjs';
import { nodeBinary } from '../../../bench/nodes/node-binary.mjs';
import { majorsOf } from '../../../bench/nodes/run-on-node.mjs';
import { sideBySide } from '../../../bench/nodes/side-by-side.mjs';
import { onlyWhere } from '../../support/prerequisite.js';
import { tempFolder } from '../../support/temp-folder.js';

const run = (node: string, ...figures: ReturnType<typeof ratioFigure>[]) => ({
  format: 1 as const,
  command: '',
  machine: { ...machine(), node },
  figures,
  measurements: [],
  leftOut: [],
});

describe('runs side by side', () => {
  it('have a column each, and a mark where a target was missed', () => {
    const lines = sideBySide([
      run('v20.1.0', ratioFigure('a / b', [1], { least: 1.1 }), memoryFigure('m', [3])),
      run('v24.1.0', ratioFigure('a / b', [2], { least: 1.3 }), ratioFigure('c / b', [0.5])),
    ]);
    expect(lines.slice(0, -1)).toEqual([
      '            v20.1.0     v24.1.0',
      'a / b         1.00*       2.00',
      'm            3 MiB',
      'c / b                     0.50',
    ]);
  });
});

describe('the Node of a major version', () => {
  const place = async (says: string) => {
    const folder = await tempFolder();
    const path = join(folder, '24/node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\necho ${says}\n`);
    await chmod(path, 0o755);
    return { folder, path };
  };

  it('is taken where it is there already', async (context) => {
    onlyWhere(context, process.platform !== 'win32', 'it needs a shell');
    const { folder, path } = await place('v24.3.0');
    expect(nodeBinary(24, folder)).toEqual({ path });
  });

  it('is refused where it is another', async (context) => {
    onlyWhere(context, process.platform !== 'win32', 'it needs a shell');
    const { folder } = await place('v22.0.0');
    expect(nodeBinary(24, folder)).toEqual({ why: expect.stringContaining('is Node v22.0.0') });
  });
});

describe('a list of versions', () => {
  it('is one of numbers', () => expect(majorsOf('20,24')).toEqual([20, 24]));

  it.each(['', 'lts', '20,', '20.1', '-1'])('is not %j', (list) =>
    expect(() => majorsOf(list)).toThrow('a list of major versions'),
  );
});

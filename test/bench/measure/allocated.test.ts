import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../support/repository.js';
import { runProcess } from '../../support/run-process.js';

const MIB = 2 ** 20;
const module = pathToFileURL(join(repositoryRoot, 'bench/measure/allocated.mjs')).href;

/** Counts in a process of its own, since the counting changes flags of V8 for good. */
async function allocatedBy(work: string): Promise<{ external: number; heap: number }> {
  const script = `import { allocatedBy } from '${module}';
    console.log(JSON.stringify(await allocatedBy(async () => { ${work} })));`;
  const { status, stdout, stderr } = await runProcess(process.execPath, [
    '--input-type=module',
    '-e',
    script,
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('what work allocates', () => {
  it('is counted in full, garbage included', async () => {
    const { external } = await allocatedBy('for (let i = 0; i < 300; i++) Buffer.alloc(1_048_576);');
    expect(external / MIB).toBeGreaterThan(299.9);
    expect(external / MIB).toBeLessThan(301);
  });

  it('tells array buffers from the heap', async () => {
    const { external, heap } = await allocatedBy(
      'for (let i = 0; i < 2_000_000; i++) globalThis.last = { a: i, b: i, c: i, d: i };',
    );
    expect(external / MIB).toBeLessThan(1);
    expect(heap / MIB).toBeGreaterThan(40);
  });

  it('is next to nothing where nothing happens', async () => {
    const { external, heap } = await allocatedBy('');
    expect((external + heap) / MIB).toBeLessThan(1);
  });
});

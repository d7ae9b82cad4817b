import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand, toolVersion } from '../../../bench/files/command-run.mjs';
import { checkTool } from '../../../bench/files/test-files.mjs';
import { tools } from '../../../bench/files/tools.mjs';
import { onlyWhere } from '../../support/prerequisite.js';
import { tempFolder } from '../../support/temp-folder.js';

const environment = process.env;

describe('the tools that work from file to file', () => {
  it('give back the file that they were given, also to other code', async (context) => {
    onlyWhere(context, process.platform !== 'win32', 'the part is left out on Windows');
    const folder = await tempFolder();
    const { tools: all, leftOut } = tools(folder);
    for (const tool of all) await checkTool(tool, folder, { ...environment, SEALPIPE_HOME: folder });
    expect(all.length + leftOut.length).toBe(4);
    expect(all[0]?.name).toBe('sealpipe');
  });

  it('are refused where they do not', async () => {
    const folder = await tempFolder();
    const nothing = (_input: string, output: string) => [
      process.execPath,
      '-e',
      `require('fs').writeFileSync(${JSON.stringify(output)}, 'nothing')`,
    ];
    const tool = {
      name: 'lossy',
      encrypt: nothing,
      decrypt: nothing,
      openElsewhere: async (sealed: Buffer) => sealed,
    };
    await expect(checkTool(tool, folder, environment)).rejects.toThrow('lossy does not give back the file');
  });
});

describe('a command that is measured', () => {
  it('is told by its seconds and what it used', async (context) => {
    onlyWhere(context, process.platform === 'linux', 'only Linux tells');
    const busy = 'const end = Date.now() + 300; while (Date.now() < end);';
    const { seconds, cpu, peak } = await runCommand([process.execPath, '-e', busy], { environment });
    expect(seconds).toBeGreaterThan(0.29);
    expect(cpu).toBeGreaterThan(0);
    expect(peak).toBeGreaterThan(2 ** 20);
  });

  it('fails with what it complained about', async () => {
    const script = "process.stderr.write('no such key'); process.exitCode = 5";
    await expect(runCommand([process.execPath, '-e', script], { environment })).rejects.toThrow(
      /ended with 5: no such key/,
    );
  });

  it('may be missing', () => {
    expect(toolVersion('sealpipe-no-such-tool')).toBeUndefined();
    expect(toolVersion(process.execPath)).toBe(process.version);
  });

  it('writes where it is told', async () => {
    const folder = await tempFolder();
    const [input, output] = [join(folder, 'a'), join(folder, 'b')];
    await writeFile(input, 'text');
    const copy = `require('fs').copyFileSync(${JSON.stringify(input)}, ${JSON.stringify(output)})`;
    await runCommand([process.execPath, '-e', copy], { environment, sync: output });
    expect(await readFile(output, 'utf8')).toBe('text');
  });
});

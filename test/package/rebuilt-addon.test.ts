import { appendFileSync, cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { needsCompiler } from '../crypto/native/build-tree.js';
import { prerequisite } from '../support/prerequisite.js';
import { repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';
import { tempFolder } from '../support/temp-folder.js';

const { project, offline } = inject('installed');
const ADDON = `dist/frame-cipher-${process.platform}-${process.arch}.node`;

/** What it takes to rebuild the addon: the thousands of other files would take longer to copy than it takes to compile. */
const NEEDED = ['package.json', 'scripts', 'src/crypto/native', ADDON, `${ADDON}.json`];

/** A copy of the installed package, beside the headers that a user installs for this. */
let installed: string;

beforeEach(async (context) => {
  needsCompiler(context);
  prerequisite(context, offline === undefined, offline ?? '');
  prerequisite(
    context,
    existsSync(join(project, 'node_modules/sealpipe', ADDON)),
    'the addon in the package',
  );
  const modules = join(await tempFolder(), 'node_modules');
  installed = join(modules, 'sealpipe');
  for (const path of NEEDED) {
    cpSync(join(project, 'node_modules/sealpipe', path), join(installed, path), { recursive: true });
  }
  cpSync(join(repositoryRoot, 'node_modules/node-api-headers'), join(modules, 'node-api-headers'), {
    recursive: true,
  });
});

async function rebuild(env: Record<string, string | undefined> = {}) {
  const script = join(installed, 'scripts/rebuild-addon.mjs');
  const { status, stdout, stderr } = await runProcess(process.execPath, [script], { env });
  return {
    status,
    said: stdout.trimEnd().split('\n').at(-1),
    digests: stdout.match(/[0-9a-f]{64}/g),
    stderr,
  };
}

describe('the rebuilt addon', () => {
  it('is, byte for byte, the one in the package', async () => {
    const { status, said, digests, stderr } = await rebuild();
    expect({ status, said, stderr }).toEqual({
      status: 0,
      said: 'the same: this package carries what its sources make',
      stderr: '',
    });
    expect(digests?.[0]).toBe(digests?.[1]);
  });

  it.each([
    ['the addon', ADDON, 'they differ: the carried one is not the one of its record'],
    ['a source', 'src/crypto/native/addon.c', 'they differ: the sources are not those of the record'],
  ])('differs when %s was altered, and it says so', async (_what, path, said) => {
    appendFileSync(
      join(installed, path),
      '\nint altered(void) { return 1; }\n__attribute__((visibility("default"))) int more(void) { return altered(); }\n',
    );
    expect(await rebuild()).toMatchObject({ status: 1, said });
  });

  it('is not taken for the same when it could not be made', async () => {
    const said = 'it could not be rebuilt: false failed';
    expect(await rebuild({ CC: 'false' })).toMatchObject({ status: 1, said });
  });
});

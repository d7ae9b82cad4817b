import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { needsCompiler } from '../crypto/native/build-tree.js';
import { packageEntries } from '../guards/package-entries.js';
import { projectFiles, repositoryRoot } from '../support/repository.js';
import { runProcess } from '../support/run-process.js';
import { tempFolder } from '../support/temp-folder.js';

const ADDON = `frame-cipher-${process.platform}-${process.arch}.node`;

/** Files that a working copy may hold besides its own, none of which belongs into a package. */
const STRAYS = [
  `src/crypto/native/${ADDON}`,
  'src/crypto/native/frame-cipher-linux-riscv64.node',
  `dist/${ADDON}`,
  'dist/frame-cipher-linux-riscv64.node',
  `dist/${ADDON}.4711.node`,
  'dist/gone.js',
  'dist/types/gone.d.ts',
];

let checkout: string;

/** A small checkout: the addon, what builds and packs it, and one module. */
beforeEach(async (context) => {
  needsCompiler(context);
  checkout = await tempFolder();
  const native = projectFiles('src/crypto/native').filter((path) => /\.[ch]$/.test(path));
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
  for (const path of [...native, ...projectFiles('scripts'), ...settings]) {
    mkdirSync(join(checkout, dirname(path)), { recursive: true });
    cpSync(join(repositoryRoot, path), join(checkout, path));
  }
  for (const path of entrySources()) {
    mkdirSync(join(checkout, dirname(path)), { recursive: true });
    writeFileSync(join(checkout, path), 'export const one = 1;\n');
  }
  symlinkSync(join(repositoryRoot, 'node_modules'), join(checkout, 'node_modules'), 'dir');
  for (const path of STRAYS) {
    mkdirSync(join(checkout, dirname(path)), { recursive: true });
    writeFileSync(join(checkout, path), 'another program');
    chmodSync(join(checkout, path), 0o755);
  }
});

/** What the entries of the package and its command are bundled from. */
function entrySources(): string[] {
  const types = packageEntries().map((entry) => entry.types);
  return [
    ...types.map((path) => path.replace(/^\.\/dist\/types\/(.*)\.d\.ts$/, 'src/$1.ts')),
    'src/cli/main.ts',
    'src/crypto/noble/on-demand.ts',
    'src/crypto/noble/static.ts',
  ];
}

function pack(env: Record<string, string | undefined> = {}) {
  const words = ['pack', '--json', '--pack-destination', checkout];
  return runProcess('npm', words, { cwd: checkout, env: { npm_config_json: undefined, ...env } });
}

describe('npm pack', () => {
  it('builds anew, and packs the addon that it built and nothing that lay about', async () => {
    const { status, stdout, stderr } = await pack();
    expect(status, stderr).toBe(0);
    const files = [...stdout.matchAll(/"path": "([^"]+)"/g)].map(([, path = '']) => path);
    expect(files).toContain('dist/index.js');
    expect(files.filter((path) => path.includes('gone'))).toEqual([]);
    expect(files.filter((path) => path.endsWith('.node'))).toEqual([`dist/${ADDON}`]);
    const packed = readFileSync(join(checkout, 'dist', ADDON));
    expect(packed.subarray(1, 4).toString()).toBe('ELF');
  });

  it('makes no package without the addon', async () => {
    const { status, stderr } = await pack({ CC: 'false' });
    expect(status, stderr).toBe(1);
    expect(readdirSync(checkout).filter((name) => name.endsWith('.tgz'))).toEqual([]);
  });

  it('asks for a statement of where the package was built', () => {
    const { publishConfig } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
    expect(publishConfig).toEqual({ provenance: true });
  });
});

import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestContext } from 'vitest';
import { toolPath } from '../../support/external-tool.js';
import { onlyWhere, prerequisite } from '../../support/prerequisite.js';
import { repositoryRoot } from '../../support/repository.js';
import { type Finished, runProcess } from '../../support/run-process.js';
import { tempFolder } from '../../support/temp-folder.js';
import { ADDON_PATH } from './addon-here.js';

const NATIVE = 'src/crypto/native';

/** Ends the test where the addon cannot be built here. */
export function needsCompiler(context: Pick<TestContext, 'skip'>): void {
  onlyWhere(context, process.platform === 'linux', `the addon is built on Linux, not ${process.platform}`);
  prerequisite(context, toolPath(process.env.CC || 'cc') !== undefined, 'a C compiler');
}

/** A folder with what the addon is built from, and the script that builds it. */
export class BuildTree {
  readonly root: string;
  readonly sources: string;
  readonly built: string;
  readonly shipped: string;

  constructor(root: string) {
    this.root = root;
    this.sources = join(root, NATIVE);
    this.built = join(this.sources, basename(ADDON_PATH));
    this.shipped = join(root, 'dist', basename(ADDON_PATH));
    for (const part of ['scripts/build-native.mjs', 'scripts/whole-file.mjs', 'scripts/native-build'])
      cpSync(join(repositoryRoot, part), join(root, part), { recursive: true });
    cpSync(join(repositoryRoot, NATIVE), this.sources, {
      recursive: true,
      filter: (path) => !/\.node(\.json)?$/.test(path),
    });
    symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'), 'dir');
  }

  /** Runs the script as npm does. */
  build(env: Record<string, string | undefined> = {}, ...words: readonly string[]): Promise<Finished> {
    return runProcess(process.execPath, [join(this.root, 'scripts/build-native.mjs'), ...words], { env });
  }

  /** The binaries that lie about, in both folders. */
  binaries(): string[] {
    return [this.sources, join(this.root, 'dist')]
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => readdirSync(folder))
      .filter((file) => file.includes('.node') && !file.endsWith('.json'));
  }

  /** Puts the modules of the built package in, without the addon unless one is built afterwards. */
  addPackage(): void {
    cpSync(join(repositoryRoot, 'package.json'), join(this.root, 'package.json'));
    const [from, to] = [join(repositoryRoot, 'dist'), join(this.root, 'dist')];
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) if (name.endsWith('.js')) cpSync(join(from, name), join(to, name));
  }

  /**
   * What `engines()` says of the native engine for every suite, which is what a stream's diagnostics say, too; and
   * whether a stream goes there and back.
   */
  async outcome(
    flags: readonly string[] = [],
  ): Promise<{ why: (string | undefined)[]; served: string[]; works: boolean }> {
    const script = `import { subscribe } from 'node:diagnostics_channel';
      import { decrypt, encrypt, engines, rawKey } from './dist/index.js';
      const told = [];
      subscribe('sealpipe:stream', ({ event, passedOver }) => event === 'start' && told.push(passedOver?.native));
      const keys = rawKey({ name: 'key', key: Buffer.alloc(32, 1) });
      const opened = await decrypt(await encrypt('there and back', { keys }), { keys });
      const three = engines().slice(0, 3);
      console.log(JSON.stringify({
        why: three.map(({ unavailable }) => unavailable.native),
        served: three.map(({ engine }) => engine),
        works: opened.toString() === 'there and back' && told.every((why) => why === three[0].unavailable.native),
      }));`;
    const args = [...flags, '--input-type=module', '-e', script];
    const { stdout, stderr, status } = await runProcess(process.execPath, args, { cwd: this.root });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }
}

/** A tree that is gone when the running test is over. */
export async function buildTree(): Promise<BuildTree> {
  return new BuildTree(await tempFolder());
}

/** The same, with what the build made in `first`. */
export async function copyOf(first: BuildTree): Promise<BuildTree> {
  const tree = await buildTree();
  cpSync(join(first.root, 'dist'), join(tree.root, 'dist'), { recursive: true });
  for (const suffix of ['', '.json']) cpSync(first.built + suffix, tree.built + suffix);
  return tree;
}

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { inCI } from '../support/prerequisite.js';
import { repositoryRoot } from '../support/repository.js';
import { type Finished, runProcess } from '../support/run-process.js';
import { makeTempFolder } from '../support/temp-folder.js';

/** The packed tarball, and a project in which it was installed as a user does. */
export interface InstalledPackage {
  readonly tarball: string;
  /** Paths in the tarball, from the package's root. */
  readonly files: readonly string[];
  /** The user's project. */
  readonly project: string;
  /** Why it could not be installed, where no registry could be reached. */
  readonly offline: string | undefined;
}

declare module 'vitest' {
  export interface ProvidedContext {
    installed: InstalledPackage;
  }
}

/** What npm says when the network, and not the package, is to blame. */
const NO_NETWORK =
  /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/;

/** Packs and installs once for all tests of the package; what it returns removes everything again. */
export default async function installPackage(project: TestProject): Promise<() => Promise<void>> {
  const folder = await makeTempFolder();
  project.provide('installed', await packAndInstall(folder));
  return () => rm(folder, { recursive: true, force: true });
}

async function packAndInstall(folder: string): Promise<InstalledPackage> {
  const packed = await npm(
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    repositoryRoot,
  );
  if (packed.status !== 0) throw new Error(`npm pack failed: ${packed.stderr}`);
  const [{ filename, files }] = manifestsOf(packed.stdout);
  const tarball = join(folder, filename);

  const project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "name": "user", "private": true }\n');
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', `--fetch-retries=${inCI ? 2 : 0}`];
  const install = () => npm(['install', '--omit=optional', ...quick, tarball], project);
  let added = await install();
  for (let left = inCI ? 2 : 0; added.status !== 0 && left > 0; left -= 1) added = await install();
  const unreachable = added.signal !== null || NO_NETWORK.test(added.stderr);
  const offline = added.status !== 0 && unreachable ? 'a package registry' : undefined;
  if (added.status !== 0 && offline === undefined) throw new Error(`npm install failed: ${added.stderr}`);
  await lendNodeTypes(project);
  return { tarball, files: files.map((file) => file.path), project, offline };
}

/** npm 11 prints an array of packages; a later one may print them by name. */
function manifestsOf(json: string): [{ filename: string; files: { path: string }[] }] {
  const parsed = JSON.parse(json);
  return Array.isArray(parsed)
    ? (parsed as ReturnType<typeof manifestsOf>)
    : [Object.values(parsed)[0] as never];
}

/** A TypeScript user has `@types/node`: this checkout's, with what it needs. */
async function lendNodeTypes(project: string): Promise<void> {
  const copy = (name: string) =>
    cp(join(repositoryRoot, 'node_modules', name), join(project, 'node_modules', name), { recursive: true });
  await copy('@types/node');
  const { dependencies = {} } = JSON.parse(
    await readFile(join(repositoryRoot, 'node_modules/@types/node/package.json'), 'utf8'),
  );
  await Promise.all(Object.keys(dependencies).map(copy));
}

function npm(args: readonly string[], cwd: string): Promise<Finished> {
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return runProcess(command, args, {
    cwd,
    env: { npm_config_json: undefined },
    timeout: inCI ? 240_000 : 60_000,
  });
}

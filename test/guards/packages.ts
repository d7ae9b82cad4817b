import { arrowsOf, type SourceTree } from './source-tree.js';

/** What `package.json` says that the guards read. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Entries of packages that are the only right ones: the others load something unwanted. */
const ONLY_ENTRY: Readonly<Record<string, string>> = { msgpackr: 'msgpackr/pack' };

/** Every import of a package that an installed sealpipe would not have, or by the wrong entry; every bare built-in. */
export function packageOffences(tree: SourceTree, manifest: Manifest): string[] {
  const declared = new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]);
  return arrowsOf(tree).flatMap((arrow) => {
    if (arrow.target !== undefined || arrow.specifier.startsWith('node:')) return [];
    const [scope = '', name = ''] = arrow.specifier.split('/');
    const owner = scope.startsWith('@') ? `${scope}/${name}` : scope;
    const where = `src/${arrow.from}:${arrow.line} imports ${arrow.specifier}`;
    if (!declared.has(owner)) return [`${where}, which package.json does not declare`];
    const only = ONLY_ENTRY[owner];
    return only === undefined || only === arrow.specifier ? [] : [`${where}: only ${only}`];
  });
}

const AT_INSTALL = /^((pre|post)?(install|prepare)|prepublish)$/;

/**
 * Scripts that a package manager runs, or asks about, on the machine of whoever installs the package: `prepare` and
 * `prepublish`, too, where it does not come from a registry. (`dependencies` runs in the checkout alone.)
 */
export function installScripts(manifest: Manifest): string[] {
  return Object.keys(manifest.scripts ?? {}).filter((name) => AT_INSTALL.test(name));
}

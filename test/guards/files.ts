/** A file of the project: its path from the root, and its text. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

/** A rule about the text of files: where it holds, and what offends it. */
interface Rule {
  readonly says: string;
  readonly where: RegExp;
  readonly offends: RegExp;
}

// The patterns are put together from pieces so that this file does not offend its own rules.
const any = (...words: string[]): string => words.join('|');

const RULES: readonly Rule[] = [
  {
    says: 'a path of one machine',
    where: /./,
    offends: new RegExp(`/(${any('work', 'farm', 'root', 'home', 'Users')})/`),
  },
  {
    says: 'the host of a registry',
    where: /./,
    offends: new RegExp(
      any(
        'registry[.]npmjs',
        'registry[.]yarnpkg',
        'npmmirror[.]com',
        'npm[.]pkg[.]github',
        'deb[.]debian[.]org',
        'pypi[.]org',
      ),
    ),
  },
  {
    says: 'work left open',
    where: /^(src|test|bench|examples|scripts|\.ci)\/|^[^/]+\.md$/,
    offends: new RegExp(`\\b(${any('TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX')})\\b`),
  },
  {
    says: 'a test that does not run, without a reason: use test/support/prerequisite.ts',
    where: /^test\/.*\.ts$/,
    offends: new RegExp(
      `\\b(it|test|describe|suite)(\\.\\w+)*\\.(${any('sk' + 'ip', 'on' + 'ly', 'to' + 'do', 'sk' + 'ipIf', 'run' + 'If')})\\b`,
    ),
  },
];

/** The most lines that a source, test or bench may have. */
export const MOST_LINES = 260;

/** Everything in the files that breaks a rule, in words. */
export function fileOffences(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split('\n');
    const found = RULES.filter((rule) => rule.where.test(path)).flatMap((rule) =>
      lines.flatMap((line, at) => (rule.offends.test(line) ? [`${path}:${at + 1} holds ${rule.says}`] : [])),
    );
    const count = text.endsWith('\n') ? lines.length - 1 : lines.length;
    const isCode = /^(src|test|bench|scripts|examples)\/.*\.(ts|mjs|cjs|js|c|cc|h)$/.test(path);
    return isCode && count > MOST_LINES ? [...found, `${path} has ${count} lines`] : found;
  });
}

/** Packages in a lock file with an address they were fetched from. */
export function lockedAddresses(lock: string): string[] {
  const packages: Record<string, { resolved?: string; link?: boolean }> = JSON.parse(lock).packages;
  return Object.keys(packages).filter(
    (name) => packages[name]?.resolved !== undefined && packages[name]?.link !== true,
  );
}

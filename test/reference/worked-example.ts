import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository.js';

const PAGE = join(repositoryRoot, 'src', 'format', 'FORMAT.md');
/** Where the values begin. */
const COLUMN = 20;
const HEX = /^([0-9a-f]{2})+$/;

/** The worked example of FORMAT 11: its values by their labels, each a list of hex as the page groups it. */
export function workedExample(): ReadonlyMap<string, readonly string[]> {
  const section = readFileSync(PAGE, 'utf8').split('\n## 11. ')[1]!;
  const values = new Map<string, string[]>();
  let label = '';
  for (const line of section.split('```')[1]!.trim().split('\n')) {
    label = line.slice(0, COLUMN).trim() || label;
    const words = line.slice(COLUMN).trim().split(/ +/);
    const end = words.findIndex((word) => !HEX.test(word.replace('\u2026', '')));
    const groups = end < 0 ? words : words.slice(0, end);
    values.set(label, [...(values.get(label) ?? []), ...groups]);
  }
  return values;
}

/** The bytes of one or more values, one after the other. */
export function bytesOf(
  example: ReadonlyMap<string, readonly string[]>,
  ...labels: readonly string[]
): Buffer {
  return Buffer.concat(labels.map((label) => Buffer.from(groupsOf(example, label).join(''), 'hex')));
}

export function groupsOf(example: ReadonlyMap<string, readonly string[]>, label: string): readonly string[] {
  const groups = example.get(label);
  if (groups === undefined) throw new Error(`The example has no value called ${label}`);
  return groups;
}

/** The whole stream. */
export function exampleStream(example: ReadonlyMap<string, readonly string[]>): Buffer {
  return bytesOf(example, 'prologue[0..20)', 'salt', 'commitment', 'bound (23)', 'envelope (129)', 'frame 0');
}

import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository.js';
import { programOf } from './snippet-types.js';

/** One call for each case, in a file that is nowhere. */
const CALLS = [
  'kms({})',
  "kms({ clientConfig: { region: 'eu-west-1' }, timeout: 1_000 })",
  "kms({ keyid: 'alias/a' })",
  "kms({ keyId: 'alias/a', keySpec: 'AES_256', numberOfBytes: 32 })",
  "kms({ keyId: 'alias/a', discovery: undefined, clientConfig: undefined, keySpec: undefined, timeout: undefined })",
  "kms({ keyId: undefined, client: undefined, discovery: { accounts: ['111122223333'], regions: undefined } })",
] as const;

describe('what the compiler says of the options of kms()', () => {
  /** The lines that it says of each call. */
  const said = new Map<string, string[]>();

  beforeAll(() => {
    const file = join(repositoryRoot, 'nowhere.mts');
    const text = ["import { kms } from 'sealpipe/kms';", ...CALLS].join('\n');
    const program = programOf([file], new Map([[file, text]]));
    const source = program.getSourceFile(file)!;
    for (const { start, messageText } of program.getSemanticDiagnostics(source)) {
      const call = CALLS[source.getLineAndCharacterOfPosition(start!).line - 1]!;
      said.set(call, ts.flattenDiagnosticMessageText(messageText, '\n').split('\n'));
    }
  });

  it('without a key is one line', () => {
    expect(said.get(CALLS[0])).toEqual([expect.stringContaining("parameter of type 'KmsOptions'")]);
  });

  it('beside other options ends with the name of what is missing', () => {
    const lines = said.get(CALLS[1])!;
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(lines.at(-1)).toMatch(/^ *Property 'keyId' is missing/);
  });

  it('for a wrong name or two lengths says so', () => {
    expect(said.get(CALLS[2])).toEqual([expect.stringContaining("Did you mean to write 'keyId'?")]);
    expect(said.get(CALLS[3])?.[1]).toContain("property 'numberOfBytes'");
  });

  it('is nothing for `undefined`, which means not given', () => {
    expect([...said.keys()]).toEqual(CALLS.slice(0, 4));
  });
});

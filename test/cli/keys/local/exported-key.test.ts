import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BadExport, decodeExport, encodeExport } from '../../../../src/cli/keys/local/exported-key.js';
import type { ExportedKey } from '../../../../src/local-kms/index.js';
import { createLocalKms } from '../../../../src/local-kms/index.js';

async function exported(): Promise<ExportedKey> {
  const kms = createLocalKms({ alias: 'alias/a' });
  onTestFinished(() => kms.close());
  return kms.exportKey('alias/a');
}

type Members = Record<string, unknown>;

function refusalOf(content: string | Uint8Array): BadExport {
  try {
    decodeExport(typeof content === 'string' ? Buffer.from(content) : content);
  } catch (error) {
    if (error instanceof BadExport) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the file of an exported key', () => {
  it('gives back what was written', async () => {
    const key = await exported();
    expect(decodeExport(Buffer.from(encodeExport(key)))).toEqual(key);
    const strange = { ...key, description: '\u202e"\\\u0000\u2028 \u{1f600}' };
    expect(decodeExport(Buffer.from(encodeExport(strange)))).toEqual(strange);
  });

  const material = (json: Members) => (json.keyMaterials as Members[])[0]!;
  it.each<[string, (json: Members) => unknown, string]>([
    ['another type', (json) => ({ ...json, type: 'key' }), 'its type is not sealpipe-kms-key'],
    ['a missing member', ({ keyArn: _, ...json }) => json, 'it has no keyArn'],
    ['an unknown member', (json) => ({ ...json, more: 1 }), 'it has members that are not known'],
    ['a list', () => [], 'its type is not'],
    ['null', () => null, 'it is not an object'],
    ['a number for an id', (json) => ({ ...json, keyId: 7 }), 'its keyId is not a string'],
    ['no list of secrets', (json) => ({ ...json, keyMaterials: {} }), 'its keyMaterials are not a list'],
    ['no object for a secret', (json) => ({ ...json, keyMaterials: ['x'] }), 'it is not an object'],
    [
      'base64 that is none',
      (json) => ({ ...json, keyMaterials: [{ ...material(json), keyMaterial: 'AA==AA==' }] }),
      'a keyMaterial is not base64',
    ],
    [
      'an unknown member of a secret',
      (json) => ({ ...json, keyMaterials: [{ ...material(json), more: 1 }] }),
      'it has members that are not known',
    ],
    [
      'another form of time',
      (json) => ({ ...json, creationDate: '2026-01-01' }),
      'its creationDate is not a time',
    ],
    ['no time', (json) => ({ ...json, creationDate: 'soon' }), 'its creationDate is not a time'],
  ])('refuses %s', async (_what, change, why) => {
    const json: Members = JSON.parse(encodeExport(await exported()));
    const error = refusalOf(JSON.stringify(change(json)));
    expect([error.message, error.isLater]).toEqual([expect.stringContaining(why), false]);
  });

  it('refuses what is not JSON, and quotes nothing from it', async () => {
    const text = encodeExport(await exported());
    for (const content of ['', 'x', text.slice(0, -3), Buffer.from([0xff])]) {
      expect(refusalOf(content).message).toBe('it is not JSON');
    }
  });

  it('tells a later version from damage', async () => {
    const text = encodeExport(await exported());
    expect(refusalOf(text.replace('"version": 1', '"version": 2')).isLater).toBe(true);
  });

  it('leaves no secret in memory that it refuses', async () => {
    const json = JSON.parse(encodeExport(await exported())) as Members;
    const content = JSON.stringify({
      ...json,
      keyMaterials: [{ ...material(json), keyMaterial: Buffer.alloc(32, 7).toString('base64').slice(0, -1) }],
    });
    const from = vi.spyOn(Buffer, 'from');
    onTestFinished(() => from.mockRestore());
    expect(refusalOf(content).message).toBe('a keyMaterial is not base64');
    const decoded = from.mock.results
      .map(({ value }) => value as Buffer)
      .filter(({ length }) => length === 32);
    expect(decoded).toEqual([Buffer.alloc(32)]);
  });
});

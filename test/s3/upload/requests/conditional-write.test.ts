import { describe, expect, it } from 'vitest';
import type { StoreFacts } from '../../../../src/s3/store/errors/store-error.js';
import type { CallOptions, StoreCalls } from '../../../../src/s3/store/store-calls.js';
import type { FinalWrite } from '../../../../src/s3/upload/requests/conditional-write.js';
import { writeFinally } from '../../../../src/s3/upload/requests/conditional-write.js';

const identity = { size: 10, salt: 'ab'.repeat(32) };
const target = { bucket: 'bbb', key: 'k' };

interface Refusal {
  readonly name?: string;
  readonly status: number;
  readonly tries?: number;
}

/** A store that refuses writes in turn, the last way for ever, and answers looks with one status. */
function store(look: number, ...refusals: Refusal[]) {
  const writes: { input: Record<string, unknown>; options: CallOptions }[] = [];
  const warnings: string[] = [];
  const factsOf = ({ name, status }: Refusal): StoreFacts => {
    return { name, code: undefined, status, region: undefined, attempts: 1 };
  };
  const attempt = async (operation: string, input: Record<string, unknown>, options: CallOptions) => {
    const isLook = operation === 'HeadObject';
    if (!isLook) writes.push({ input, options });
    if (writes.length > 20) throw new Error('it never ends');
    const refusal = isLook ? { status: look } : (refusals.length > 1 ? refusals.shift() : refusals[0])!;
    return { error: new Error('refused'), tries: refusal.tries ?? 1, facts: factsOf(refusal) };
  };
  const write = (operation: FinalWrite['operation'], overwrite = false) =>
    writeFinally(
      { attempt } as unknown as StoreCalls,
      { operation, target, identity, input: async () => ({ Key: 'k' }), options: {} },
      overwrite,
      (warning) => void warnings.push(warning),
    );
  return { write, writes, warnings };
}

const UNKNOWN = { message: expect.stringMatching(/unknown whether it was stored/) };
const InvalidPart = { name: 'InvalidPart', status: 400 };

describe('the last write of an upload', () => {
  it('is sent again without a condition once, and only if it had one', async () => {
    const refused = { name: 'NotImplemented', status: 501 };
    const once = store(404, refused);
    await expect(once.write('PutObject')).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
    expect(once.writes.map(({ input }) => input)).toEqual([{ Key: 'k', IfNoneMatch: '*' }, { Key: 'k' }]);
    expect(once.warnings).toHaveLength(1);
    const never = store(404, refused);
    await expect(never.write('PutObject', true)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
    expect([never.writes.length, never.warnings.length]).toEqual([1, 0]);
  });

  it('was not done by a store that refused its condition', async () => {
    const { write } = store(403, { name: 'NotImplemented', status: 501 }, { name: 'Strange', status: 400 });
    await expect(write('PutObject')).rejects.not.toMatchObject(UNKNOWN);
  });

  it('is completed with a new list of parts at most three times', async () => {
    const { write, writes } = store(404, InvalidPart);
    await expect(write('CompleteMultipartUpload')).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
    expect(writes).toHaveLength(3);
  });

  it('may have been done by any of its tries', async () => {
    const { write } = store(403, { ...InvalidPart, tries: 2 }, { name: 'Strange', status: 400 });
    await expect(write('CompleteMultipartUpload')).rejects.toMatchObject(UNKNOWN);
  });

  it('is sent again after a conflict only if it is a PutObject', async () => {
    const conflict: StoreFacts = {
      name: 'ConditionalRequestConflict',
      code: undefined,
      status: 409,
      region: undefined,
      attempts: 1,
    };
    for (const [operation, isSent] of [
      ['PutObject', true],
      ['CompleteMultipartUpload', false],
    ] as const) {
      const { write, writes } = store(404, { name: conflict.name!, status: 409 });
      await expect(write(operation)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CHANGED' });
      const { again } = writes[0]!.options;
      expect([again!(conflict), again!({ ...conflict, name: 'SlowDown', status: 503 })]).toEqual([
        isSent,
        true,
      ]);
    }
  });

  it('fails with the error of its caller, if that has one', async () => {
    const { write } = store(404, { name: 'AccessDenied', status: 403 });
    await expect(write('PutObject')).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
    const told = new Error('told otherwise');
    const calls = {
      attempt: async () => ({ error: new Error(), tries: 1, facts: { name: 'AccessDenied', status: 404 } }),
    } as unknown as StoreCalls;
    const input = async () => ({});
    const one: FinalWrite = {
      operation: 'PutObject',
      target,
      identity,
      input,
      options: {},
      explain: () => told,
    };
    await expect(writeFinally(calls, one, false, () => undefined)).rejects.toBe(told);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { crashStates } from '../../support/crash/crash-states.js';
import type { DiskState } from '../../support/crash/operations.js';
import { randomOf, sampled } from '../../support/sample.js';
import { DIRECTORY, diskAfter, Session } from '../support/recorded-kms.js';

const NOTHING: DiskState = new Map();
const DAY = 86_400_000;
const random = randomOf('crashes of the embedded KMS');

/** A change of what a disk holds. */
interface Change {
  readonly disk: DiskState;
  readonly change: (session: Session) => Promise<unknown>;
  /** Data keys that open before, amid and after it. */
  readonly blobs?: readonly string[];
  /** Whether a second run of the change, on what a power cut has left, brings about what the first one would have. */
  readonly isRepeated?: boolean;
}

/** Before or after, nothing between, and after once it was acknowledged. @returns how many states there are */
async function expectSurvives({ disk, change, blobs = [], isRepeated = false }: Change): Promise<number> {
  const before = await Session.on(disk).view();
  const done = Session.on(disk);
  await change(done);
  const { operations, initial } = done.files;
  const finished = await Session.on(done.files.state).view();
  const states = [...crashStates(initial, operations, random)];
  for (const { after, disk: left } of sampled(states, 60, 'power cuts of the embedded KMS')) {
    const session = Session.on(left);
    const view = await session.view();
    expect(after === operations.length ? [finished] : [before, finished]).toContain(view);
    for (const CiphertextBlob of blobs) await session.call('Decrypt', { CiphertextBlob });
    if (!isRepeated || view === finished) continue;
    await change(session);
    expect(await session.view()).toBe(finished);
  }
  return states.length;
}

describe('the embedded KMS after a power cut', () => {
  it('has its first key or has not, and goes on', async () => {
    const change = (session: Session) => session.createKey();
    expect(await expectSurvives({ disk: NOTHING, change })).toBeGreaterThan(30);
  });

  /** A key with two secrets and an alias, and data keys under both. */
  async function diskWithKey() {
    let keyId = '';
    const blobs: string[] = [];
    const disk = await diskAfter(NOTHING, async (session) => {
      keyId = await session.createKey();
      await session.call('CreateAlias', { AliasName: 'alias/a', TargetKeyId: keyId });
      blobs.push(await session.seal(keyId));
      await session.call('RotateKeyOnDemand', { KeyId: keyId });
      blobs.push(await session.seal('alias/a'));
    });
    return { keyId, blobs, disk };
  }

  it.each<[string, (session: Session, keyId: string) => Promise<unknown>, 'in use' | 'not in use']>([
    ['another key is made', (s) => s.createKey(), 'in use'],
    ['it gets another secret', (s, KeyId) => s.call('RotateKeyOnDemand', { KeyId }), 'in use'],
    [
      'an alias is made',
      (s, TargetKeyId) => s.call('CreateAlias', { AliasName: 'alias/b', TargetKeyId }),
      'in use',
    ],
    ['its alias is removed', (s) => s.call('DeleteAlias', { AliasName: 'alias/a' }), 'in use'],
    ['it is disabled', (s, KeyId) => s.call('DisableKey', { KeyId }), 'not in use'],
    ['it is to be deleted', (s, KeyId) => s.call('ScheduleKeyDeletion', { KeyId }), 'not in use'],
  ])('opens all that a key has sealed, where %s', async (_, change, use) => {
    const { keyId, blobs, disk } = await diskWithKey();
    const opened = use === 'in use' ? blobs : [];
    const states = await expectSurvives({ disk, change: (s) => change(s, keyId), blobs: opened });
    expect(states).toBeGreaterThan(10);
  });

  it('leaves an alias with the one key or the other', async () => {
    const { blobs, disk } = await diskWithKey();
    let other = '';
    const two = await diskAfter(disk, async (session) => (other = await session.createKey()));
    const change = (s: Session) => s.call('UpdateAlias', { AliasName: 'alias/a', TargetKeyId: other });
    await expectSurvives({ disk: two, change, blobs, isRepeated: true });
  });

  it('brings a key back, or keeps it disabled or to be deleted', async () => {
    const { keyId: KeyId, disk } = await diskWithKey();
    const disabled = await diskAfter(disk, (s) => s.call('DisableKey', { KeyId }));
    await expectSurvives({ disk: disabled, change: (s) => s.call('EnableKey', { KeyId }), isRepeated: true });
    const going = await diskAfter(disk, (s) => s.call('ScheduleKeyDeletion', { KeyId }));
    await expectSurvives({
      disk: going,
      change: (s) => s.call('CancelKeyDeletion', { KeyId }),
      isRepeated: true,
    });
  });

  it('imports a key wholly or not at all, and a second import finishes it', async () => {
    const { keyId, blobs, disk } = await diskWithKey();
    const key = await Session.on(disk).kms.exportKey(keyId);
    await expectSurvives({ disk: NOTHING, change: (s) => s.kms.importKey(key), isRepeated: true });
    const imported = await diskAfter(NOTHING, (s) => s.kms.importKey(key));
    for (const CiphertextBlob of blobs) await Session.on(imported).call('Decrypt', { CiphertextBlob });
  });

  it('puts a secret back that was missing', async () => {
    const { keyId, blobs, disk } = await diskWithKey();
    const key = await Session.on(disk).kms.exportKey(keyId);
    const [lost] = [...disk.keys()].filter(
      (path) => path.startsWith(`${DIRECTORY}/materials/`) && !path.endsWith('/'),
    );
    const without = new Map([...disk].filter(([path]) => path !== lost));
    const done = Session.on(without);
    await done.kms.importKey(key);
    const { operations, initial, state } = done.files;
    for (const { after, disk: left } of crashStates(initial, operations, random)) {
      const session = Session.on(left);
      if (after < operations.length) await session.kms.importKey(key).catch(() => undefined);
      for (const CiphertextBlob of blobs) await session.call('Decrypt', { CiphertextBlob });
    }
    expect(state.has(lost!)).toBe(true);
  });

  it('purges a key for ever once it has begun: no secret of it stays when a second purge has ended', async () => {
    const { keyId, disk } = await diskWithKey();
    const going = await diskAfter(disk, (s) =>
      s.call('ScheduleKeyDeletion', { KeyId: keyId, PendingWindowInDays: 7 }),
    );
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8 * DAY });
    try {
      await expectSurvives({ disk: going, change: (s) => s.kms.purge(keyId), isRepeated: true });
      const done = Session.on(going);
      await done.kms.purge(keyId);
      for (const { disk: left } of crashStates(done.files.initial, done.files.operations, random)) {
        const again = Session.on(left);
        await again.kms.purge(keyId);
        const last = [...crashStates(again.files.initial, again.files.operations, random)].filter(
          ({ after }) => after === again.files.operations.length,
        );
        for (const { disk: end } of last)
          expect([...end.keys()].filter((path) => /materials\/./.test(path))).toEqual([]);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it('has a key under an alias, or neither: who wants the alias then gets it', async () => {
    const done = Session.on(NOTHING);
    const keyId = await done.createNamedKey('alias/a');
    const { operations, initial } = done.files;
    const promised: DiskState[] = [];
    for (const { after, disk: left } of crashStates(initial, operations, random)) {
      const view = await Session.on(left).view();
      if (after === operations.length) expect(view).toContain(keyId);
      const hasAlias = [...left.keys()].some((path) => /aliases\/[^.]/.test(path));
      if (view === '[]' && hasAlias) promised.push(left);
    }
    expect(promised.length).toBeGreaterThan(0);
    const second = Session.on(promised.at(-1)!);
    expect(await second.createNamedKey('alias/a')).toEqual(expect.any(String));
    await second.seal('alias/a');
  });
});

describe('two processes at one disk', () => {
  it('answer nothing that rests on a name which a power cut could take back', async () => {
    const { files } = Session.on(NOTHING);
    await new Session(files).view();
    let reached: () => void = () => undefined;
    const isAtSync = new Promise<void>((resolve) => {
      reached = resolve;
    });
    let ready = false;
    const wrapped = new Proxy(files, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== 'syncFolder') return typeof value === 'function' ? value.bind(target) : value;
        return (folder: string) => {
          if (!ready || !folder.endsWith('/keys')) return target.syncFolder(folder);
          reached();
          return new Promise(() => undefined);
        };
      },
    });
    const slow = new Session(wrapped);
    await slow.view();
    ready = true;
    void slow.createKey();
    await isAtSync;
    const other = new Session(files);
    const { Keys } = (await other.call('ListKeys')) as { Keys: { KeyId: string }[] };
    const CiphertextBlob = await other.seal(Keys[0]!.KeyId);
    const count = files.operations.length;
    for (const { after, disk } of crashStates(files.initial, files.operations, random)) {
      if (after === count) await Session.on(disk).call('Decrypt', { CiphertextBlob });
    }
  });
});

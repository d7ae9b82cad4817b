import { describe, expect, it, vi } from 'vitest';
import { timeLimit } from '../../../src/keys/kms/deadline.js';
import { kms } from '../../../src/keys/kms/index.js';
import { decrypt, encrypt } from '../../../src/streams/one-shot.js';
import { refusal } from './fake-service.js';
import { rejection, serviceForTests } from './service-for-tests.js';

const REGIONS = ['eu-west-1', 'us-east-2', 'ap-southeast-2'] as const;

describe('a stream with a key in each of several regions', () => {
  const service = serviceForTests();
  const discovery = { accounts: ['111122223333'] };
  /** Seals under a key of each region. */
  const seal = () => {
    const keys = REGIONS.map((region) =>
      kms({ keyId: service().kms.createKey({ region }), clientConfig: service().clientConfig() }),
    );
    return encrypt('hello', { keys });
  };
  const decrypts = () => service().received.filter(({ operation }) => operation === 'Decrypt');
  const regionsAsked = () => decrypts().map(({ region }) => region);
  /** A provider whose client does not give up by itself. */
  const opener = (timeout: number, more = {}) => {
    const clientConfig = { ...service().clientConfig(), requestHandler: { requestTimeout: 60_000 } };
    return kms({ discovery, clientConfig, timeout, ...more });
  };

  it('is opened by one call for each recipient at most, in their order', async () => {
    const sealed = await seal();
    service().fault = ({ region }) => (region === REGIONS[2] ? undefined : refusal('DisabledException'));
    expect(String(await decrypt(sealed, { keys: opener(10_000) }))).toBe('hello');
    expect(regionsAsked()).toEqual(REGIONS);
  });

  it('fails after one timeout, and not after one for each, where none of them answers', async () => {
    const sealed = await seal();
    service().fault = () => 'hang';
    const since = performance.now();
    const error = await rejection(decrypt(sealed, { keys: opener(600) }));
    expect(performance.now() - since).toBeGreaterThanOrEqual(590);
    expect(performance.now() - since).toBeLessThan(1_500);
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_TIMEOUT', retryable: true });
    expect(regionsAsked()).toEqual(REGIONS);
  });

  it('is opened within the timeout where the first regions do not answer', async () => {
    const sealed = await seal();
    service().fault = ({ region }) => (region === REGIONS[2] ? undefined : 'hang');
    expect(String(await decrypt(sealed, { keys: opener(900) }))).toBe('hello');
    expect(regionsAsked()).toEqual(REGIONS);
  });

  it('says the failure of the first, where none opens', async () => {
    const sealed = await seal();
    service().fault = ({ region }) =>
      refusal(region === REGIONS[0] ? 'DisabledException' : 'AccessDeniedException');
    expect(await rejection(decrypt(sealed, { keys: opener(10_000) }))).toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: expect.stringContaining(`in ${REGIONS[0]}`),
    });
  });

  it('is not opened by a second recipient once it was aborted during the first', async () => {
    const sealed = await seal();
    service().fault = () => 'hang';
    const controller = new AbortController();
    const pending = rejection(decrypt(sealed, { keys: opener(60_000), signal: controller.signal }));
    await vi.waitFor(() => expect(regionsAsked()).toHaveLength(1));
    controller.abort('enough');
    expect(await pending).toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect(regionsAsked()).toEqual([REGIONS[0]]);
  });
});

describe('the time of one call', () => {
  it.each([
    ['is all of it without attempts', 10_000, 0, undefined, 10_000],
    ['is all of it for one attempt', 10_000, 0, { elapsed: 0, left: 1 }, 10_000],
    ['is a share of it for three', 9_000, 0, { elapsed: 0, left: 3 }, 3_000],
    ['is a share of what is left', 9_000, 0, { elapsed: 5_000, left: 2 }, 2_000],
    ['is all that is left for the last', 9_000, 0, { elapsed: 1_000, left: 1 }, 8_000],
    ['is little where nothing is left', 9_000, 0, { elapsed: 9_500, left: 1 }, 1],
    ['has the wait for a new key beside it', 9_000, 60_000, { elapsed: 60_000, left: 1 }, 9_000],
  ])('%s', (_, timeout, wait, attempts, expected) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const given = attempts && { since: performance.now() - attempts.elapsed, left: attempts.left };
    expect(timeLimit(timeout, wait, given)).toBe(expected);
    vi.useRealTimers();
  });
});

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { innerModule } from '../../scripts/inner-module.mjs';
import { onlyWhere } from '../support/prerequisite.js';
import { timesInMemory } from '../support/process-memory.js';

const DERIVATION = await innerModule('src/crypto/key-schedule.ts');
const bytes = (length: number, step: number) =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => i * step + 7));
const [SALT, DATA_KEY] = [bytes(32, 5), bytes(32, 11)];
const SCRIPT = `
  import(process.env.DERIVATION).then(({ deriveStreamKeys }) => {
    const bytes = (length, step) => Uint8Array.from({ length }, (_, i) => i * step + 7);
    const dataKey = bytes(32, 11);
    const suite = { keySize: 32, nonceSize: 12 };
    const rest = { parameters: bytes(4, 1), boundBytes: bytes(9, 1), contextDigest: bytes(32, 1) };
    // What a first call compiles would have everything collected.
    deriveStreamKeys(bytes(32, 3), { suite, salt: bytes(32, 3), ...rest });
    const keys = deriveStreamKeys(dataKey, { suite, salt: bytes(32, 5), ...rest });
    for (const secret of [dataKey, keys.frameKey, keys.baseNonce]) secret.fill(0);
    console.log('ready');
    setInterval(() => {}, 1_000);
  });
`;

it('the pseudorandom key of a derivation is nowhere in memory afterwards, before anything is collected', async (context) => {
  onlyWhere(context, process.platform === 'linux', 'the memory of a process is read from /proc');
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=64', '--min-semi-space-size=64', '-e', SCRIPT],
    {
      env: { ...process.env, DERIVATION },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    await once(createInterface({ input: child.stdout }), 'line');
    const pseudorandomKey = createHmac('sha512', SALT).update(DATA_KEY).digest();
    expect(timesInMemory(child.pid, pseudorandomKey.subarray(0, 24))).toBe(0);
    expect(timesInMemory(child.pid, Buffer.from('ready'))).toBeGreaterThan(0);
  } finally {
    child.kill('SIGKILL');
  }
});

import { expect } from 'vitest';
import { runProcess } from '../../support/run-process.js';

/** What a script sees of the addon: `FrameCipher`, and a cipher with a key that counts from 0. */
const PRELUDE = `
  const { FrameCipher } = require(process.env.ADDON ?? require('node:worker_threads').workerData.addon);
  const make = () => new FrameCipher('AES-256-GCM', Buffer.alloc(32, 1), Buffer.alloc(12, 2));
  const aad = Buffer.from('aad');
  const use = (cipher) => {
    const out = Buffer.alloc(116);
    cipher.seal(7, aad, Buffer.alloc(100, 3), out, 0);
    return out;
  };
`;

/** A CommonJS script over the addon, to run in a thread or a process of its own. */
export function overAddon(script: string): string {
  return PRELUDE + script;
}

/** Runs a script over the addon in a process of its own, since a crash would take this one with it. @returns its output */
export async function inChild(script: string, addon: string, flags: readonly string[] = []): Promise<string> {
  const { status, signal, stdout, stderr } = await runProcess(
    process.execPath,
    [...flags, '-e', overAddon(script)],
    { env: { ADDON: addon } },
  );
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  return stdout.trim();
}

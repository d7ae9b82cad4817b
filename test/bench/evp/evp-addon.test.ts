import { createCipheriv, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { evpAddon } from '../../../bench/evp/evp-addon.mjs';
import { toolPath } from '../../support/external-tool.js';
import { prerequisite } from '../../support/prerequisite.js';

const compiler = process.env['CC'];

describe('the loop in C', () => {
  afterEach(() => {
    if (compiler === undefined) delete process.env['CC'];
    else process.env['CC'] = compiler;
  });

  it('seals what node:crypto seals, frame by frame', (context) => {
    prerequisite(context, toolPath('cc') !== undefined, 'a C compiler');
    const addon = evpAddon();
    if (typeof addon === 'string') throw new Error(addon);
    const [key, nonce, aad, plaintext] = [
      randomBytes(32),
      randomBytes(12),
      randomBytes(32),
      randomBytes(300),
    ];
    const out = Buffer.alloc(3 * 116);
    expect(addon.sealLoop(key, nonce, aad, 100, plaintext, out)).toBeGreaterThan(0);
    for (let i = 0; i < 3; i++) {
      const own = Buffer.from(nonce);
      own[11]! ^= i;
      const cipher = createCipheriv('aes-256-gcm', key, own).setAAD(aad);
      const frame = [
        cipher.update(plaintext.subarray(i * 100, i * 100 + 100)),
        cipher.final(),
        cipher.getAuthTag(),
      ];
      expect(out.subarray(i * 116, (i + 1) * 116)).toEqual(Buffer.concat(frame));
    }
  });

  it('says why it is not there', () => {
    process.env['CC'] = 'sealpipe-no-such-compiler';
    expect(evpAddon()).toBe('there is no C compiler (sealpipe-no-such-compiler does not run)');
    process.env['CC'] = 'false';
    expect(evpAddon()).toContain('false failed');
  });
});

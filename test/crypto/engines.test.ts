import { getCiphers } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../src/crypto/aead.js';
import { engineNames, engines, pickEngine } from '../../src/crypto/engines.js';
import { SUITE_NAMES } from '../../src/suites.js';
import { failure } from '../reference/failure.js';

const bySuite = new Map(engines().map((report) => [report.suite, report]));

describe('the report of the engines', () => {
  it('has a row for every suite, in the order of FORMAT 3, each of them served', () => {
    expect(engines().map(({ suite }) => suite)).toEqual(SUITE_NAMES);
    for (const { engine } of engines()) expect(engine).not.toBeNull();
  });

  it('names the fastest engine that serves, and why each of the others does not', () => {
    for (const { engine, unavailable } of engines()) {
      const first = engineNames().find((name) => unavailable[name] === undefined);
      expect(engine).toBe(first);
      for (const why of Object.values(unavailable)) expect(why).toMatch(/\w+ \w+/);
    }
  });

  it('has AES-GCM and ChaCha20-Poly1305 on node and on noble', () => {
    for (const suite of ['AES-256-GCM', 'AES-128-GCM', 'CHACHA20-POLY1305'] as const) {
      expect(bySuite.get(suite)?.unavailable).not.toHaveProperty('node');
      expect(bySuite.get(suite)?.unavailable).not.toHaveProperty('noble');
    }
  });

  it('has SM4-GCM on node alone, and AES-256-GCM-SIV on node where OpenSSL has it', () => {
    expect(bySuite.get('SM4-GCM')?.engine).toBe('node');
    expect(bySuite.get('SM4-GCM')?.unavailable.noble).toContain('SM4');
    const siv = bySuite.get('AES-256-GCM-SIV');
    expect(siv?.unavailable).not.toHaveProperty('noble');
    expect(siv?.engine).toBe(getCiphers().includes('aes-256-gcm-siv') ? 'node' : 'noble');
  });

  it('is the same when it is asked for again', () => {
    expect(engines()).toEqual(engines());
  });
});

describe('the choice of an engine', () => {
  it('is what the report says', () => {
    for (const { suite, engine } of engines()) expect(pickEngine(suite).name).toBe(engine);
  });

  it('is the pinned one, also where a faster one serves', () => {
    expect(pickEngine('AES-256-GCM', 'noble').name).toBe('noble');
    expect(pickEngine('AES-256-GCM', 'node').name).toBe('node');
  });

  it.each([
    ['SM4-GCM', 'noble'],
    ['SM4-GCM', 'native'],
    ['AES-256-GCM-SIV', 'native'],
    ['AES-256-GCM', 'turbo'],
  ] as const)('of %s on %s is a RangeError: the pinned engine is not there', (suite, pinned) => {
    const error = failure(() => pickEngine(suite, pinned as EngineName));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.code).toBe('ERR_SEALPIPE_OPTIONS');
    expect(error.message).toContain(suite);
  });

  it('names the engine and the reason in its error', () => {
    expect(failure(() => pickEngine('SM4-GCM', 'noble')).message).toBe(
      'The engine noble does not serve SM4-GCM here (@noble/ciphers has no SM4)',
    );
  });
});

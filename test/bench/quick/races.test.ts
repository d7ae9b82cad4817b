import { describe, expect, it } from 'vitest';
import { nameOf } from '../../../bench/contenders/contender.mjs';
import { mallocQuestions, ownQuestions, peerQuestions } from '../../../bench/quick/races.mjs';
import { atLeast } from '../../../bench/targets.mjs';

describe('the races of our streams', () => {
  const questions = ownQuestions(['native', 'node']);

  it('are against the raw cipher stream, in both directions, with large and with small frames', () => {
    expect(questions.map(({ name }) => name)).toEqual(
      ['native', 'node'].flatMap((engine) =>
        ['encrypt', 'decrypt'].flatMap((direction) =>
          [64, 4].map((frame) => `${direction}, ${engine}, ${frame} KiB frames`),
        ),
      ),
    );
    expect(questions.every(({ race }) => race.entrants[1]?.kind === 'raw' && race.chunkSize === 65_536)).toBe(
      true,
    );
  });

  it('have targets for the engine that serves, and for no other', () => {
    const targets = questions.map(({ asked }) => asked[0]?.target);
    expect(targets).toEqual([
      atLeast('encrypt'),
      atLeast('smallFrames'),
      atLeast('decrypt'),
      atLeast('smallFrames'),
      ...Array(4).fill(undefined),
    ]);
  });
});

describe('the races with malloc as it comes', () => {
  it('are those of the usual stream, in both directions and without a target', () => {
    const questions = mallocQuestions(['native', 'node']);
    const usual = ownQuestions(['native', 'node']);
    expect(questions.map(({ race }) => race)).toEqual([usual[0]?.race, usual[2]?.race]);
    expect(
      questions.every(({ defaultMalloc, asked }) => defaultMalloc && asked[0]?.target === undefined),
    ).toBe(true);
  });
});

describe('the races of the peers', () => {
  const questions = peerQuestions('native', nameOf);

  it('have our stream and the raw cipher beside each peer', () => {
    for (const { race } of questions) {
      expect(race.entrants.map(({ kind }) => kind).slice(1)).toEqual(['raw', 'sealpipe']);
    }
  });

  it('have our frames of 64 KiB beside them, and of 1 MiB where both have them', () => {
    for (const { name, race } of questions) {
      const frameSize = name.endsWith('ours too') ? 1_048_576 : 65_536;
      expect(race.entrants[2]).toMatchObject({ kind: 'sealpipe', frameSize });
      if (frameSize === 1_048_576) expect(race.entrants[0]).toMatchObject({ kind: 'aws', frameSize });
    }
  });

  it('ask how many times as fast as the AWS Encryption SDK we are, whatever its settings', () => {
    const names = questions.flatMap(({ asked }) => asked.map(({ name }) => name));
    for (const direction of ['encrypt', 'decrypt']) {
      for (const settings of [
        'default',
        'unsigned, 64 KiB',
        'unsigned, 1 MiB',
        'unsigned, 1 MiB, ours too',
      ]) {
        expect(names).toContain(`${direction}, sealpipe / AWS ESDK ${settings}`);
      }
    }
  });
});

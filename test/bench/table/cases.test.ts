import { engines } from 'sealpipe';
import { describe, expect, it } from 'vitest';
import { AXES, type Case, peerCases, selectedCases, shownCases } from '../../../bench/table/cases.mjs';
import { caseName } from '../../../bench/table/table-part.mjs';

const report = AXES.suite.map((suite) => ({ suite, engine: 'native' as const, unavailable: {} }));
const specs = (cases: Case[]) =>
  cases.map(({ contender, ...rest }) => {
    if (contender.kind !== 'sealpipe') throw new Error('not ours');
    return { ...contender, ...rest };
  });

describe('the cases of the table', () => {
  it('by themselves show every value of every axis in both directions', () => {
    const shown = specs(shownCases(report));
    for (const direction of AXES.direction) {
      const ours = shown.filter((one) => one.direction === direction);
      expect(new Set(ours.map(({ engine }) => engine))).toEqual(new Set(AXES.engine));
      expect(new Set(ours.map(({ suite }) => suite))).toEqual(new Set(AXES.suite));
      expect(new Set(ours.map(({ frameSize }) => frameSize))).toEqual(new Set(AXES.frame));
      expect(new Set(ours.map(({ chunkSize }) => chunkSize))).toEqual(new Set(AXES.chunk));
      expect(new Set(ours.map(({ layout }) => layout))).toEqual(new Set(AXES.layout));
    }
  });

  it('by themselves are few, and no two are the same', () => {
    const names = [...shownCases(report), ...peerCases()].map((one) => caseName(one));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeLessThan(100);
  });

  it('are the whole product when all of it is asked for', () => {
    const all = Object.values(AXES).reduce((product, { length }) => product * length, 1);
    expect(selectedCases({}, true, report)).toHaveLength(all);
  });

  it('stay usual in what was not asked for', () => {
    expect(
      specs(selectedCases({ engine: ['node'], direction: ['decrypt'], chunk: [64] }, false, report)),
    ).toEqual([
      {
        kind: 'sealpipe',
        engine: 'node',
        suite: 'AES-256-GCM',
        layout: 'fixed',
        frameSize: 65_536,
        chunkSize: 64,
        direction: 'decrypt',
      },
    ]);
  });

  it('leave out what no engine serves here', () => {
    const served = specs(selectedCases({}, true, engines()));
    for (const { suite, unavailable } of engines()) {
      const found = new Set(served.filter((one) => one.suite === suite).map(({ engine }) => engine));
      expect([...found, ...Object.keys(unavailable)].sort()).toEqual([...AXES.engine].sort());
    }
  });
});

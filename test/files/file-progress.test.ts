import { expect, it } from 'vitest';
import { progressTeller } from '../../src/files/file-options.js';

it('nothing is counted between two reports of progress, nor without a listener', () => {
  let counted = 0;
  const counts = () => ({ bytesIn: 2, bytesOut: ++counted });
  const heard: unknown[] = [];
  const tell = progressTeller((now) => heard.push(now), 9, counts);
  for (let i = 0; i < 1_000; i++) tell();
  expect(heard.length).toBeLessThan(1_000);
  expect(heard[0]).toEqual({ bytesIn: 2, bytesOut: 1, total: 9 });
  expect(counted).toBe(heard.length);
  const silent = progressTeller(undefined, 9, counts);
  silent();
  expect(counted).toBe(heard.length);
});

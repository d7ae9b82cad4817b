import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openInput } from '../../../../src/cli/io/input/input.js';
import { loadAddon } from '../../../../src/crypto/native/addon.js';
import { prerequisite } from '../../../support/prerequisite.js';
import { systemPipe } from '../../../support/system-pipe.js';

const descriptors = () => readdirSync('/proc/self/fd').length;

it('a pipe that is read as a stream is not held open beside it', async (context) => {
  prerequisite(context, typeof loadAddon() !== 'string', 'the native addon');
  const { path, writer, end } = await systemPipe();
  const input = await openInput(path);
  const before = descriptors();
  expect(input.file).toBeDefined();
  expect(descriptors()).toBe(before + 1);
  const stream = input.stream();
  expect([descriptors(), input.file]).toEqual([before, undefined]);
  end(writer);
  await once(stream.resume(), 'end');
  await input.close();
});

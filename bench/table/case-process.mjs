// @ts-check
/*
 * One case of the table in its own process: one op is one whole stream from memory to a null sink. Takes the case as
 * JSON, prints what it measured as JSON.
 */
import { given } from '../child.mjs';
import { contenderOf } from '../contenders/contender.mjs';
import { plaintextMemory, preparing } from '../contenders/prepared.mjs';
import { rawPeer } from '../contenders/raw-suites.mjs';
import { allocatedBy } from '../measure/allocated.mjs';
import { Collections } from '../measure/collections.mjs';
import { calibrated, costOf } from '../measure/cost.mjs';
import { collectGarbage } from '../measure/garbage.mjs';
import { interleaved, timesAsFast } from '../measure/interleaved.mjs';
import { loopDelay } from '../measure/loop-delay.mjs';
import { forgetPeakMemory, peakMemory } from '../measure/peak-memory.mjs';
import { sampled } from '../measure/sampled.mjs';
import { MIB } from '../sizes.mjs';

/** @type {import('./cases.mjs').Case} */
const { contender, direction, chunkSize } = given();
const options = { direction, chunkSize, memory: plaintextMemory() };
const prepare = preparing(await contenderOf(contender), options);
const { prepared, size, taken } = await calibrated(prepare, { about: 0.1, from: 4 * MIB, most: 256 * MIB });
collectGarbage();
forgetPeakMemory();

const collections = new Collections();
let ops = 0;
let cpu = 0;
await collections.take();
const seconds = await sampled(
  async () => {
    cpu += (await costOf(prepared.run)).cpu;
    ops += 1;
  },
  { samples: 9, seconds: 0.8 },
);
const collecting = await collections.take();
const peak = peakMemory() - prepared.memory;
const gigabytes = (size * ops) / 1e9;

const paced = await prepare(pacedSize());
const delay = await loopDelay(() => paced.run({ paced: true }), { seconds: 0.3 });

const prepareRaw = preparing(await contenderOf(rawPeer(contender)), options);
const { run: runRaw } = await prepareRaw(size);
const [own = [], raws = []] = await interleaved([prepared.run, runRaw], 5);

const allocated = await allocatedBy(prepared.run);

console.log(
  JSON.stringify({
    rates: seconds.map((second) => size / 1e9 / second),
    ratios: timesAsFast(own, raws),
    size,
    cpu: cpu / gigabytes,
    collecting: collecting / gigabytes,
    peak,
    external: allocated.external / size,
    heap: allocated.heap / size,
    delay,
  }),
);

/** Bytes of at most 0.2 seconds of work, in at most 3,000 chunks, but of one chunk at least. */
function pacedSize() {
  const bytes = Math.min((size / taken) * 0.2, 3_000 * chunkSize);
  return Math.max(chunkSize, 2 ** Math.floor(Math.log2(bytes)));
}

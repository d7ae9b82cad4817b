// @ts-check
import benny from 'benny';

/**
 * Runs `work` again and again under benny.
 *
 * @param {() => Promise<void>} work
 * @param {{ samples: number, seconds: number }} least the minimum number of samples, and the minimum time
 * @returns {Promise<number[]>} seconds of each run
 */
export async function sampled(work, { samples, seconds }) {
  let preparing = true;
  const runOnce = async () => {
    // While it prepares a case, benny runs it twice, the second time without waiting for the first.
    if (preparing) return;
    // A rejection would leave benny waiting for ever.
    await work().catch(fail);
  };
  // With a `minTime` of almost nothing, a sample is one run, not an average of several.
  const add = benny.add('', runOnce, { minSamples: samples, maxTime: seconds, minTime: 1e-9 });
  const summary = await quietly(() =>
    benny.suite('', async (config) => {
      const prepared = await add(config);
      preparing = false;
      return prepared;
    }),
  );
  return summary.results[0]?.details.sampleResults ?? [];
}

/** @param {unknown} error @returns {never} */
function fail(error) {
  console.error(error);
  process.exit(1);
}

/**
 * benny prints while it works; standard output is for the figures.
 *
 * @template T
 * @param {() => Promise<T>} work
 */
async function quietly(work) {
  const { log } = console;
  console.log = () => undefined;
  try {
    return await work();
  } finally {
    console.log = log;
  }
}

// @ts-check

/**
 * @param {readonly number[]} values
 * @param {number} share from 0 to 1
 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * Times two kinds of work in turn, A B A B …, so that a machine whose speed drifts treats both alike.
 *
 * @param {() => Promise<unknown>} a
 * @param {() => Promise<unknown>} b
 * @param {{ pairs: number, bytes: number }} options
 * @returns {Promise<{ a: number[], b: number[], ratios: number[] }>} GB/s of each run; a / b of each pair
 */
export async function interleaved(a, b, { pairs, bytes }) {
  await a();
  await b();
  /** @type {{ a: number[], b: number[], ratios: number[] }} */
  const result = { a: [], b: [], ratios: [] };
  for (let i = 0; i < pairs; i++) {
    const rateOfA = await rate(a, bytes);
    const rateOfB = await rate(b, bytes);
    result.a.push(rateOfA);
    result.b.push(rateOfB);
    result.ratios.push(rateOfA / rateOfB);
  }
  return result;
}

/**
 * @param {() => Promise<unknown>} work
 * @param {number} bytes
 */
async function rate(work, bytes) {
  const start = process.hrtime.bigint();
  await work();
  return bytes / Number(process.hrtime.bigint() - start);
}

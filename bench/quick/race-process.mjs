// @ts-check
/*
 * Contenders in one process, in turn: whole streams of one length, from the same memory, in the same chunks, to a null
 * sink. Takes the race as JSON, prints what it measured as JSON.
 */
import { given } from '../child.mjs';
import { contenderOf } from '../contenders/contender.mjs';
import { plaintextMemory, preparing } from '../contenders/prepared.mjs';
import { calibrated } from '../measure/cost.mjs';
import { interleaved } from '../measure/interleaved.mjs';
import { MIB } from '../sizes.mjs';

/** @type {import('./races.mjs').Race & { rounds: number }} */
const { entrants, direction, chunkSize, rounds } = given();
const options = { direction, chunkSize, memory: plaintextMemory() };
const contenders = await Promise.all(entrants.map(contenderOf));
// The race is about the first one, which is also the slowest if their speeds differ much.
const [first, ...others] = contenders.map((contender) => preparing(contender, options));
if (first === undefined) throw new Error('a race without entrants');
const { prepared, size } = await calibrated(first, { about: 1, from: 4 * MIB, most: 512 * MIB });
const runs = [prepared.run];
for (const prepare of others) runs.push((await prepare(size)).run);
console.log(JSON.stringify({ size, costs: await interleaved(runs, rounds) }));

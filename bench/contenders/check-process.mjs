// @ts-check
/*
 * Checks contenders, each with a chunk size, before anything is timed. It has its own process, since code that runs for
 * the check would change how V8 compiles the code that is timed. Takes the list as JSON, prints its length.
 */
import { given } from '../child.mjs';
import { check } from './checked.mjs';

/** @type {{ contender: import('./contender.mjs').Spec, chunkSize: number }[]} */
const list = given();
for (const { contender, chunkSize } of list) await check(contender, chunkSize);
console.log(list.length);

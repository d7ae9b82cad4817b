// @ts-check
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { printMemory } from './memory.mjs';
import { printQuick } from './quick.mjs';
import { printTable } from './table.mjs';

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } });
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`);
await printQuick();
if (!values.quick) {
  printMemory();
  printTable();
}

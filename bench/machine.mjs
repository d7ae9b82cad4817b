// @ts-check
import { availableParallelism, cpus, totalmem } from 'node:os';
import { GIB } from './sizes.mjs';

/**
 * @typedef {object} Machine
 * @property {string} cpu
 * @property {number} cores that this process may use
 * @property {number} memory GiB
 * @property {string} platform
 * @property {string} node
 * @property {string} openssl inside Node
 */

/** @returns {Machine} */
export function machine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: Math.round(totalmem() / GIB),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    openssl: process.versions.openssl,
  };
}

/** @param {Machine} machine */
export function machineText(machine) {
  return `Node ${machine.node}, OpenSSL ${machine.openssl}, ${hardwareText(machine)}`;
}

/** @param {Machine} machine */
export function hardwareText({ cpu, cores, memory, platform }) {
  return `${platform}, ${cores} × ${cpu}, ${memory} GiB`;
}

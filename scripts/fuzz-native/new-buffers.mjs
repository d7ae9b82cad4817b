// Buffers that are newer than the language level that this repository is compiled for.

/** @typedef {ArrayBuffer & { resize(size: number): void }} ResizableBuffer */
/** @typedef {SharedArrayBuffer & { grow(size: number): void }} GrowableBuffer */

/** @param {number} size @param {number} maxByteLength @returns {ResizableBuffer} */
export function resizable(size, maxByteLength) {
  return Reflect.construct(ArrayBuffer, [size, { maxByteLength }]);
}

/** @param {number} size @param {number} maxByteLength @returns {GrowableBuffer} */
export function growable(size, maxByteLength) {
  return Reflect.construct(SharedArrayBuffer, [size, { maxByteLength }]);
}

/** The memory of WebAssembly, which V8 --jitless does not have. @param {number} pages @returns {ArrayBuffer} */
export function webAssemblyMemory(pages) {
  const assembly = /** @type {any} */ (globalThis)['WebAssembly'];
  if (assembly === undefined) return new ArrayBuffer(pages * 65_536);
  return new assembly.Memory({ initial: pages, maximum: pages + 1 }).buffer;
}

/** undefined if this Node has no Float16Array. @param {number} size @returns {unknown} */
export function float16Array(size) {
  const Float16Array = /** @type {any} */ (globalThis)['Float16Array'];
  return Float16Array === undefined ? undefined : new Float16Array(size);
}

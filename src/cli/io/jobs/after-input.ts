/**
 * Acts after so many milliseconds, once what came by then was seen: input, its end, signals. After a standstill of the
 * process, Node rings its timers before it sees any of that.
 */
export function afterInput(milliseconds: number, act: () => void): NodeJS.Timeout {
  return setTimeout(() => setImmediate(act), milliseconds);
}

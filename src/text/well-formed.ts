const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether UTF-8 can represent a text: it has no lone surrogate. (`String#isWellFormed` in later releases of Node.) */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

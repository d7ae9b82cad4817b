import type { Policy } from './policy.js';

/** Somebody who signs requests. */
export interface User {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What they may do; by default, everything. */
  readonly policies?: readonly Policy[];
}

/** Who owns everything on the server. */
export const ROOT: User = {
  accessKeyId: 'AKIAROOTOFTHEFAKE000',
  secretAccessKey: 'the secret of the root of the fake',
};

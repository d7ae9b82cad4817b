import type { Answer } from './answer.js';
import type { S3Request } from './request.js';

/** What goes wrong with a request. */
export type Fault =
  /** The connection is cut when so many bytes of the body have come. */
  | { readonly kind: 'cut request'; readonly after: number }
  /** No more of the body is read, and nothing is answered. */
  | { readonly kind: 'stall request' }
  /** The answer comes later. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Answered with an error (with 200 as well), and not done. */
  | {
      readonly kind: 'refuse';
      readonly status: number;
      readonly code: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The same, but it is done. */
  | { readonly kind: 'deny it was done'; readonly status: number; readonly code: string }
  /** A concurrent write: 409, and a multipart upload is gone. */
  | { readonly kind: 'conflict' }
  /** Done, and the connection is cut when so many bytes of the answer's body have gone out; below 0: before its head. */
  | { readonly kind: 'cut answer'; readonly after: number }
  /** Done, and no byte comes after so many of the answer's body. */
  | { readonly kind: 'stall answer'; readonly after: number }
  /** Done, and the answer ends early but cleanly, in chunks. */
  | { readonly kind: 'end answer'; readonly after: number }
  /** Done, and blanks follow the first line of the answer, one after each pause, as S3 sends them while it makes a large object. */
  | { readonly kind: 'blanks in answer'; readonly blanks: number; readonly pause: number }
  /** Another answer than the server's own. */
  | { readonly kind: 'alter'; readonly alter: (answer: Answer, request: S3Request) => Answer }
  /** Something happens on the server before the request is done. */
  | { readonly kind: 'act'; readonly act: () => void | Promise<void> };

/** Which requests a fault is for. */
export interface FaultPlace {
  /** The name of an operation, or what tells the request. */
  readonly on: string | ((request: S3Request) => boolean);
  /** How many such requests go well before. Default: 0. */
  readonly skip?: number;
  /** How many requests it happens to. Default: 1. */
  readonly times?: number;
}

/** The faults that are still to come, in the order in which they were written down. */
export class FaultScript {
  readonly #waiting: { readonly place: FaultPlace; readonly fault: Fault; skip: number; times: number }[] =
    [];

  add(place: FaultPlace, fault: Fault): void {
    this.#waiting.push({ place, fault, skip: place.skip ?? 0, times: place.times ?? 1 });
  }

  /** The fault of this request, if it has one; then that one has happened once more. */
  next(request: S3Request): Fault | undefined {
    for (const waiting of this.#waiting) {
      const { on } = waiting.place;
      if (waiting.times === 0 || !(typeof on === 'string' ? on === request.operation : on(request))) continue;
      if (waiting.skip > 0) {
        waiting.skip -= 1;
        continue;
      }
      waiting.times -= 1;
      return waiting.fault;
    }
    return undefined;
  }

  /** Nothing goes wrong any more. */
  clear(): void {
    this.#waiting.length = 0;
  }
}

/** Receives the bytes of an object in order. Nothing here throws. */
export interface FeedSink {
  /** Whether bytes may arrive now; if not, `Feed.want` requests them. */
  readonly wants: boolean;
  /** @returns whether more are wanted; if not, `Feed.want` requests more */
  take(bytes: Uint8Array): boolean;
  /** The object has ended. */
  end(): void;
  /** No more bytes will arrive. */
  fail(error: unknown): void;
  /** Drops the incomplete frame. @returns its position in the object */
  rewind(): number;
}

/** The source of the bytes: one connection after the other, or several at once. */
export interface Feed {
  /**
   * Makes the first request; then bytes arrive until the sink wants no more.
   *
   * @returns the size of the object in bytes
   * @throws (rejects) the error of the request
   */
  begin(): Promise<number>;
  /** More bytes are wanted. */
  want(): void;
  /** Ends all requests and sockets. Nothing arrives any more. */
  stop(): void;
}

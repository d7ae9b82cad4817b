/** What takes the bytes of an object in their order. Nothing here throws. */
export interface FeedSink {
  /** Whether bytes may come at once; if not, `Feed.want` asks for them. */
  readonly wants: boolean;
  /** @returns whether more are wanted; if not, `Feed.want` asks for more */
  take(bytes: Uint8Array): boolean;
  /** The object ends here. */
  end(): void;
  /** There will be no more. */
  fail(error: unknown): void;
  /** Forgets the frame that is there in part. @returns where in the object it begins */
  rewind(): number;
}

/** Where the bytes come from: one connection after the other, or several at once. */
export interface Feed {
  /**
   * Makes the first request; then bytes come until the sink wants no more.
   *
   * @returns bytes of the object
   * @throws (rejects) what the request fails with
   */
  begin(): Promise<number>;
  /** More bytes are wanted. */
  want(): void;
  /** Ends what is under way, sockets included. Nothing comes any more. */
  stop(): void;
}

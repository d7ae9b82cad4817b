import type { LocalKms } from '../../../src/local-kms/index.js';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A request as it would stand on the wire, for what the real client never sends. */
export async function rawCall(kms: LocalKms, target: string, body: unknown): Promise<RawAnswer> {
  const { response } = await kms.requestHandler.handle({ headers: { 'X-Amz-Target': target }, body });
  const content: unknown = JSON.parse(new TextDecoder().decode(response.body));
  if (typeof content !== 'object' || content === null) throw new Error('the answer is no object');
  return { status: response.statusCode, headers: response.headers, content: { ...content } };
}

/** The AWS SDK, loaded by the first call that needs it: that takes longer than everything else in the package together. */
export function kmsSdk(): Promise<typeof import('@aws-sdk/client-kms')> {
  return import('@aws-sdk/client-kms');
}

import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { cachedKeys } from '../../../src/keys/cache/cached.js';
import { kms } from '../../../src/keys/kms/index.js';
import { createLocalKms } from '../../../src/local-kms/index.js';
import { describeKeyProvider } from '../../conformance/key-provider.js';
import { startFakeService } from './fake-service.js';

describeKeyProvider('kms() over HTTP', {
  make: async () => {
    const service = await startFakeService();
    const providerOf = (keyId: string) => kms({ keyId, clientConfig: service.clientConfig() });
    const [provider, other] = [providerOf(service.kms.createKey()), providerOf(service.kms.createKey())];
    return { provider, other, close: service.close };
  },
});

describeKeyProvider('kms() over the embedded KMS', {
  make: async () => {
    const { clientConfig, close } = createLocalKms();
    const client = new KMSClient(clientConfig);
    const providerOfNewKey = async () => {
      const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
      return kms({ keyId: KeyMetadata!.Arn!, clientConfig });
    };
    return { provider: await providerOfNewKey(), other: await providerOfNewKey(), close };
  },
});

describeKeyProvider('cachedKeys over kms()', {
  reuses: true,
  make: async () => {
    const service = await startFakeService();
    const providerOf = (keyId: string) =>
      cachedKeys(kms({ keyId, clientConfig: service.clientConfig() }), {
        maxAge: 60_000,
        maxStreams: 1_000,
        maxBytes: 2 ** 40,
      });
    const [provider, other] = [providerOf(service.kms.createKey()), providerOf(service.kms.createKey())];
    return { provider, other, close: service.close };
  },
});

import { expect, it } from 'vitest';
import { createNetworkOpener } from '../../agent/perceive/network-opener.ts';
import { configSchema } from '../../config/schema.ts';
import { createEngines } from '../../models/engines/load.ts';
import { NETWORKS } from '../../models/manifest.ts';

const { models } = configSchema.parse({});

it('remembers the files that it opened by short hashes, and only those', async () => {
  const opener = createNetworkOpener(models, createEngines(models));
  expect(opener.versions()).toEqual({});
  const network = await opener.open('mouth');
  await network.close();
  expect(await opener.file('silero-vad')).toMatch(/silero-vad\.onnx$/);
  const versions = opener.versions();
  expect(Object.keys(versions)).toEqual(['mouth', 'silero-vad']);
  expect(NETWORKS['silero-vad'].sha256.startsWith(versions['silero-vad']!)).toBe(true);
  expect(versions['mouth']).toMatch(/^[0-9a-f]{12}$/);
});

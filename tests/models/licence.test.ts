import { describe, expect, it } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { networksFor } from '../../models/licence.ts';
import { TRAINED, licenceOf } from '../../models/manifest.ts';

const everything = () => true;
const settings = (models: object) => configSchema.parse({ models }).models;

describe('networksFor', () => {
  it('offers every network for research', () => {
    expect(networksFor(settings({ licence: 'research' }), everything)).toEqual({
      networks: {
        eyeState: 'eye-state',
        mouth: 'mouth',
        faceEmotion: 'face-emotion',
        faceSex: 'face-sex',
        voice: 'voice',
      },
      switchedOff: {},
    });
  });

  it('offers the open voice alone for any use, and says why the others are off', () => {
    const { networks, switchedOff } = networksFor(settings({ licence: 'any-use' }), everything);
    expect(networks).toEqual({
      eyeState: null,
      mouth: null,
      faceEmotion: null,
      faceSex: null,
      voice: 'voice-open',
    });
    expect(Object.keys(switchedOff)).toEqual(['eyeState', 'mouth', 'faceEmotion', 'faceSex']);
    expect(switchedOff.faceEmotion).toBe(
      "network 'face-emotion' is for research only and models.licence is any-use",
    );
  });

  it('never offers a network of another licence class for any use', () => {
    const { networks } = networksFor(settings({ licence: 'any-use' }), everything);
    for (const name of Object.values(networks)) if (name) expect(licenceOf(name)).toBe('any-use');
    expect(Object.values(TRAINED).filter((facts) => facts.licenceClass === 'any-use')).toHaveLength(1);
  });

  it('leaves out what has no weights, and takes the next best', () => {
    const { networks, switchedOff } = networksFor(settings({}), (name) => name === 'voice-open');
    expect(networks).toMatchObject({ mouth: null, voice: 'voice-open' });
    expect(switchedOff.mouth).toBe("network 'mouth' has not been trained yet");
    const nothing = networksFor(settings({ licence: 'any-use' }), () => false);
    expect(nothing.switchedOff.voice).toBe(
      "network 'voice' is for research only and models.licence is any-use; network 'voice-open' has not been trained yet",
    );
  });

  it("counts a network of the user's own by the licence that the settings say", () => {
    const own = { file: 'mouth/model.json', engine: 'tfjs' };
    const open = settings({ licence: 'any-use', custom: { mouth: { ...own, licence: 'any-use' } } });
    expect(networksFor(open, () => false).networks.mouth).toBe('mouth');
    const closed = settings({ licence: 'any-use', custom: { mouth: own } });
    expect(networksFor(closed, everything).networks.mouth).toBeNull();
    const research = settings({ custom: { 'voice-open': own }, licence: 'any-use' });
    expect(networksFor(research, everything).networks.voice).toBeNull();
  });
});

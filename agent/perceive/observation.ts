/**
 * What the perceive stage says of one frame or one stretch of sound: the nouns the judge speaks.
 *
 * Not seen is a value of its own and never means closed. Angles follow COVESA VSS: yaw positive to the
 * driver's left, pitch positive up, roll positive when the head tilts to the driver's right shoulder.
 * Times are monotonic milliseconds of the capture clock (recorded: the container's own time).
 */
import type { Emotion } from '../../models/preprocess/constants.ts';

/** Why an eye cannot be read in this frame. */
export type EyeUnseenReason =
  | 'profile' // the head is turned so far that the far eye is noise
  | 'eyes-down' // looking down: the lid covers the eye without being closed
  | 'covered' // sunglasses, reflections, a hand
  | 'poor-picture'; // too dark, too bright or too blurred to tell, or landmarks and network disagree on shut lids

/** One eye of the driver in one frame. */
export interface EyeReading {
  /** Eye aspect ratio (lid distance / eye width) as measured, also while unseen (for researchers). */
  readonly ear: number;
  /** How far `ear` can be trusted, 0-1. */
  readonly confidence: number;
  /** `null` when the eye can be read, else why not. */
  readonly unseen: EyeUnseenReason | null;
}

/** Head pose in degrees, camera at the origin; 0/0/0 looks straight into the camera. */
export interface HeadPose {
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly rollDeg: number;
  /** 0-1; below `judge.face.minPoseConfidence` the judge treats the direction as uncertain. */
  readonly confidence: number;
}

/** Direction of the eyes relative to the head, degrees. */
export interface Gaze {
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly confidence: number;
}

/** Measured on the picture itself, face or no face. */
export interface FrameQuality {
  /** Mean luma, 0-1. */
  readonly brightness: number;
  /** Spread of luma (standard deviation), 0-1; near 0 for a covered lens. */
  readonly contrast: number;
  /** Variance of the Laplacian / variance of luma, whatever the light: about .05-.1, below .0015 when blurred. */
  readonly sharpness: number;
  readonly dark: boolean;
  readonly blurred: boolean;
  /** The picture shows nothing, not even a face in the dark: lens covered or black. */
  readonly covered: boolean;
  /** Identical to the frames before for longer than a real sensor's noise allows. */
  readonly frozen: boolean;
}

/** Box in fractions of the picture, origin top left. */
export interface FaceBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a face or a voice expresses, as far as a network can tell. Never more than a sign of how a person feels. */
export interface Affect {
  /** Calibrated, sum 1; 0 for one that the network does not know. */
  readonly probabilities: Readonly<Record<Emotion, number>>;
  /** Probability that it is a woman's, 0-1; `null` when not asked. */
  readonly female: number | null;
}

/** The driver's face was found and measured. */
export interface FaceSeen {
  readonly kind: 'face-seen';
  readonly atMs: number;
  readonly box: FaceBox;
  /** The mesh network's own opinion that this is a face, 0-1. */
  readonly confidence: number;
  /** The driver's own left and right eye. */
  readonly leftEye: EyeReading;
  readonly rightEye: EyeReading;
  readonly mouth: {
    /** Mouth aspect ratio (inner lip distance / mouth width). */
    readonly mar: number;
    readonly confidence: number;
    /** Probability that it yawns, 0-1: asked now and then while it is open, left out else. */
    readonly yawn?: number;
  };
  readonly pose: HeadPose;
  readonly gaze: Gaze | null;
  /** Asked at a rate of its own: left out in the other frames, and where the affect networks are off. */
  readonly affect?: Affect;
  readonly quality: FrameQuality;
}

/** A frame arrived and holds no driver's face. */
export interface NoFace {
  readonly kind: 'no-face';
  readonly atMs: number;
  readonly quality: FrameQuality;
}

/** One window of sound was heard. */
export interface VoiceSeen {
  readonly kind: 'voice-seen';
  /** End of the window. */
  readonly atMs: number;
  readonly windowMs: number;
  /** Share of the window in which the voice activity detector heard speech, 0-1. */
  readonly speechShare: number;
  /** Root mean square level, dB relative to full scale. */
  readonly levelDbfs: number;
  /** Share of samples at full scale, 0-1. */
  readonly clippedShare: number;
  /** The window misses sound (the stream had a gap). */
  readonly gap: boolean;
  /** Left out without speech (silence and noise express nothing), and where the voice network is off. */
  readonly affect?: Affect;
}

/** What comes from the vehicle or the wall, `null` where unknown. */
export interface Context {
  readonly kind: 'context';
  readonly atMs: number;
  readonly speedKmh: number | null;
  readonly ignitionOn: boolean | null;
  /** Local hour of day 0-24; `null` unless the clock is synchronised. */
  readonly hourOfDay: number | null;
}

/** The driver or the fleet acknowledged. */
export interface Ack {
  readonly kind: 'ack';
  readonly atMs: number;
  readonly origin: 'button' | 'command' | 'page';
}

/** A trip was started or ended by somebody who knows (replay, command, ignition). */
export interface Trip {
  readonly kind: 'trip';
  readonly atMs: number;
  readonly phase: 'start' | 'end';
  readonly cause: 'ignition' | 'speed' | 'presence' | 'replay' | 'command';
}

/** Time passes: every 50 ms, whether or not the camera delivers. */
export interface Tick {
  readonly kind: 'tick';
  readonly atMs: number;
}

/** All that the judge is ever told. */
export type Observation = FaceSeen | NoFace | VoiceSeen | Context | Ack | Trip | Tick;

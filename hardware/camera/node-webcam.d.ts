/** The part of node-webcam 0.8.2 that is used: it brings no types of its own. */
declare module 'node-webcam' {
  interface WebcamOptions {
    readonly device: string;
    readonly width: number;
    readonly height: number;
    readonly output: 'jpeg';
    readonly quality: number;
    /** First frames of a shot that are left out. */
    readonly skip: number;
    readonly greyscale: boolean;
    readonly verbose: boolean;
  }
  interface Webcam {
    /** The shell command of one shot into a file; `-` = standard output. */
    generateSh(location: string): string;
  }
  const NodeWebcam: {
    create(options: WebcamOptions): Webcam;
    readonly FSWebcam: new (options: WebcamOptions) => Webcam;
  };
  export default NodeWebcam;
}

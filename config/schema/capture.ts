/** Camera and microphone settings: what capture is given. */
export { CAMERA_FORMATS, cameraConfig, type CameraConfig } from './camera.ts';
export { microphoneConfig, type MicrophoneConfig } from './microphone.ts';

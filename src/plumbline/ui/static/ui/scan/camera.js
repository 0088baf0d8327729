// The camera behind one <video>: begun, stopped, its light; what it shows in the middle, as a square to read from.
const WISH = { audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } } };
const SIDE = 720; // pixels of the square that is read

export class Camera {
  constructor(video) {
    this.video = video;
    this.stream = null;
    this.asked = 0;
    this.canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
  }

  // Resolves to whether it shows something; false when it was stopped while the person was asked.
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no secure address", "SecurityError");
    this.stop();
    const asked = this.asked;
    const stream = await navigator.mediaDevices.getUserMedia(WISH);
    if (asked !== this.asked) { stream.getTracks().forEach((track) => track.stop()); return false; }
    this.stream = stream;
    this.video.srcObject = stream;
    await this.video.play();
    return true;
  }

  stop() {
    this.asked += 1;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }

  get track() { return this.stream?.getVideoTracks()[0]; }

  get hasLight() { return Boolean(this.track?.getCapabilities?.().torch); }

  async light(on) { await this.track.applyConstraints({ advanced: [{ torch: on }] }); }

  // The square in the middle, which is what the panel shows; null while there is no picture yet.
  square() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const side = Math.min(width, height);
    if (!side) return null;
    this.context.drawImage(this.video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
    return this.canvas;
  }
}

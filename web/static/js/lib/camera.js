const WANTED = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

/** Opens the rear camera into a <video>; throws the browser's DOMException when it may not. */
export async function openCamera(video, devices = navigator.mediaDevices) {
  if (!devices?.getUserMedia) throw new DOMException("no camera here", "NotSupportedError");
  const stream = await devices.getUserMedia(WANTED);
  video.srcObject = stream;
  await video.play();
  const track = stream.getVideoTracks()[0];
  const can = track.getCapabilities?.() ?? {};
  const set = (settings) => track.applyConstraints({ advanced: [settings] }).catch(() => {});
  return {
    zoom: can.zoom && can.zoom.max > can.zoom.min ? can.zoom : null,
    hasTorch: Boolean(can.torch),
    setTorch: (torch) => set({ torch }),
    setZoom: (zoom) => set({ zoom }),
    close() {
      for (const one of stream.getTracks()) one.stop();
      video.srcObject = null;
    },
  };
}

/** Which text explains that the camera did not open. */
export function cameraProblem(error) {
  if (error?.name === "NotAllowedError" || error?.name === "SecurityError") return "camera_denied";
  if (error?.name === "NotFoundError" || error?.name === "OverconstrainedError") return "camera_none";
  if (error?.name === "NotReadableError" || error?.name === "AbortError") return "camera_busy";
  return "camera_unsupported";
}

const WANTED = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

const stop = (stream) => stream.getTracks().forEach((track) => track.stop());

/** Sets {torch, zoom, focusMode} one by one: each call replaces the last, so all are repeated. */
function settingsOf(track) {
  const settings = {};
  return (more) => {
    Object.assign(settings, more);
    return track.applyConstraints({ advanced: [settings] }).catch(() => {});
  };
}

function controls(track) {
  const can = track.getCapabilities?.() ?? {};
  const set = settingsOf(track);
  if (can.focusMode?.includes("continuous")) set({ focusMode: "continuous" });
  return {
    zoom: can.zoom && can.zoom.max > can.zoom.min ? can.zoom : null,
    hasTorch: Boolean(can.torch),
    setTorch: (torch) => set({ torch }),
    setZoom: (zoom) => set({ zoom }),
  };
}

async function play(video, stream) {
  video.srcObject = stream;
  try {
    await video.play();
  } catch (error) {
    stop(stream);
    throw error;
  }
}

/**
 * Opens the rear camera into a <video>; throws the browser's DOMException when it may not.
 * The camera: zoom ({min, max, step} or null), hasTorch, setTorch(on), setZoom(value), close(),
 * and onlost(callback) for a camera that another app takes away.
 */
export async function openCamera(video, devices = navigator.mediaDevices) {
  if (!devices?.getUserMedia) throw new DOMException("no camera here", "NotSupportedError");
  const stream = await devices.getUserMedia(WANTED);
  await play(video, stream);
  const [track] = stream.getVideoTracks();
  return {
    ...controls(track),
    onlost: (lost) => track.addEventListener("ended", lost),
    close() {
      stop(stream);
      if (video.srcObject === stream) video.srcObject = null;
    },
  };
}

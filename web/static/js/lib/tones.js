/**
 * Four sounds that stay apart in a noisy hall: a tick, two rising notes, two equal ones, a low
 * buzz.  Each note: [frequency Hz, start ms, length ms].
 */
export const TONES = {
  queued: { wave: "sine", volume: 0.25, notes: [[1800, 0, 28]], vibration: [12] },
  accepted: { wave: "sine", volume: 0.5, notes: [[880, 0, 80], [1320, 85, 130]], vibration: [40] },
  attention: {
    wave: "triangle", volume: 0.7, notes: [[660, 0, 150], [660, 220, 150]], vibration: [90, 70, 90],
  },
  refused: {
    wave: "square", volume: 0.5, notes: [[196, 0, 240], [147, 280, 380]], vibration: [250, 90, 250],
  },
};

function note(audio, { wave, volume }, [frequency, start, length]) {
  const from = audio.currentTime + start / 1000;
  const to = from + length / 1000;
  const [tone, gain] = [audio.createOscillator(), audio.createGain()];
  Object.assign(tone, { type: wave });
  tone.frequency.value = frequency;
  gain.gain.setValueAtTime(volume, from);
  gain.gain.setTargetAtTime(0, to - 0.015, 0.006); // no click at the end
  tone.connect(gain).connect(audio.destination);
  tone.start(from);
  tone.stop(to + 0.03);
}

export function play(audio, name) {
  const tone = TONES[name];
  for (const part of tone.notes) note(audio, tone, part);
}

// The elements that sound, and how loud they are for the ear.

let elements = 0;
/** The page's own elements: `audio#deck`, and the second deck's. */
export function element(): HTMLAudioElement {
  const audio = document.createElement("audio");
  elements += 1;
  audio.id = elements === 1 ? "deck" : `deck-${elements}`;
  document.body.append(audio);
  return audio;
}

/** People hear loudness by its logarithm. */
export const audible = (volume: number) => volume * volume;

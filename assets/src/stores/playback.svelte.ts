// How one wants to listen: quality, loudness, crossfade, speed, volume. Kept in this browser.
import { QUALITIES, type LoudnessMode, type Quality } from "@/engine/format";

const STORED = "hexachord.playback";
export const LOUDNESS: readonly LoudnessMode[] = ["auto", "album", "track", "off"];
export const SPEEDS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 2];
export const MOST_CROSSFADE = 12;

interface Stored {
  quality: Quality;
  loudness: LoudnessMode;
  crossfade: number;
  speed: number;
  volume: number;
  muted: boolean;
}

function read(): Partial<Stored> {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<Stored>;
  } catch {
    return {};
  }
}

const within = (value: unknown, least: number, most: number, otherwise: number) =>
  typeof value === "number" && value >= least && value <= most ? value : otherwise;

class PlaybackSettings {
  quality = $state<Quality>("auto");
  loudness = $state<LoudnessMode>("auto");
  /** Seconds; 0: tracks are joined. */
  crossfade = $state(0);
  speed = $state(1);
  volume = $state(1);
  muted = $state(false);

  constructor() {
    const stored = read();
    if (stored.quality && QUALITIES.includes(stored.quality)) this.quality = stored.quality;
    if (stored.loudness && LOUDNESS.includes(stored.loudness)) this.loudness = stored.loudness;
    this.crossfade = within(stored.crossfade, 0, MOST_CROSSFADE, 0);
    this.speed = within(stored.speed, 0.25, 4, 1);
    this.volume = within(stored.volume, 0, 1, 1);
    this.muted = stored.muted === true;
  }

  keep(): void {
    const { quality, loudness, crossfade, speed, volume, muted } = this;
    localStorage.setItem(STORED, JSON.stringify({ quality, loudness, crossfade, speed, volume, muted } satisfies Stored));
  }
}

export const playback = new PlaybackSettings();

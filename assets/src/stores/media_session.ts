// The system's own controls: lock screen, keyboard keys, headsets. They are the queue's, and lent to what sounds beside it.
import { address } from "@/api/client";
import type { Track } from "@/api/types";

export interface Controls {
  play(): void;
  pause(): void;
  next(): void;
  previous(): void;
  seek(seconds: number): void;
}

const SIZES = [128, 256, 640];

let own: Controls | null = null;
let lent: Partial<Controls> | null = null;
/** The track of the queue. */
let track: Track | undefined;

const media = () => navigator.mediaSession as MediaSession | undefined;

export function control(controls: Controls): void {
  own = controls;
  // On phones: music, which goes on when the screen is locked.
  const audio = (navigator as { audioSession?: { type: string } }).audioSession;
  if (audio) audio.type = "playback";
  const session = media();
  if (!session) return;
  const controlled = () => lent ?? own;
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => controlled()?.play?.(),
    pause: () => controlled()?.pause?.(),
    nexttrack: () => controlled()?.next?.(),
    previoustrack: () => controlled()?.previous?.(),
    seekto: ({ seekTime }) => seekTime !== undefined && controlled()?.seek?.(seekTime),
  };
  for (const [action, handler] of Object.entries(handlers)) {
    try {
      session.setActionHandler(action as MediaSessionAction, handler);
    } catch {
      // This browser does not know the action.
    }
  }
}

export function show(shown: Track | undefined): void {
  track = shown;
  if (!lent) paint();
}

function paint(): void {
  const session = media();
  if (!session) return;
  if (!track) {
    session.metadata = null;
    session.playbackState = "none";
    return;
  }
  const { id, title, display_artist: artist, album } = track;
  const cover = (size: number) => new URL(address(`/tracks/${encodeURIComponent(id)}/cover`, { size }), location.href).href;
  const artwork = track.cover ? SIZES.map((size) => ({ src: cover(size), sizes: `${size}x${size}` })) : [];
  session.metadata = new MediaMetadata({ title, artist, album: album.title, artwork });
}

/** Of the queue: when it plays, the controls are its own again. */
export function showState(playing: boolean, position: number, duration: number, playbackRate: number): void {
  if (playing) giveBack();
  const session = media();
  if (!session || lent) return;
  session.playbackState = playing ? "playing" : "paused";
  if (duration > 0 && position >= 0 && position <= duration) session.setPositionState?.({ duration, position, playbackRate });
}

/** Something else sounds: it is shown, and the controls are for it until they are given back. */
export function lend(title: string, controls: Partial<Controls>): void {
  lent = controls;
  const session = media();
  if (!session) return;
  session.metadata = new MediaMetadata({ title });
  session.setPositionState?.();
}

export function showLent(playing: boolean): void {
  const session = media();
  if (session && lent) session.playbackState = playing ? "playing" : "paused";
}

export function giveBack(): void {
  if (!lent) return;
  lent = null;
  paint();
}

// The system's own controls: lock screen, keyboard keys, headsets.
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

export function control(controls: Controls): void {
  // On phones: music, which goes on when the screen is locked.
  const audio = (navigator as { audioSession?: { type: string } }).audioSession;
  if (audio) audio.type = "playback";
  const session = navigator.mediaSession as MediaSession | undefined;
  if (!session) return;
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => controls.play(),
    pause: () => controls.pause(),
    nexttrack: () => controls.next(),
    previoustrack: () => controls.previous(),
    seekto: ({ seekTime }) => seekTime !== undefined && controls.seek(seekTime),
  };
  for (const [action, handler] of Object.entries(handlers)) {
    try {
      session.setActionHandler(action as MediaSessionAction, handler);
    } catch {
      // This browser does not know the action.
    }
  }
}

export function show(track: Track | undefined): void {
  const session = navigator.mediaSession as MediaSession | undefined;
  if (!session) return;
  if (!track) {
    session.metadata = null;
    session.playbackState = "none";
    return;
  }
  const cover = (size: number) => new URL(address(`/tracks/${encodeURIComponent(track.id)}/cover`, { size }), location.href).href;
  const artwork = track.cover ? SIZES.map((size) => ({ src: cover(size), sizes: `${size}x${size}` })) : [];
  session.metadata = new MediaMetadata({ title: track.title, artist: track.display_artist, album: track.album.title, artwork });
}

export function showState(playing: boolean, position: number, duration: number, playbackRate: number): void {
  const session = navigator.mediaSession as MediaSession | undefined;
  if (!session) return;
  session.playbackState = playing ? "playing" : "paused";
  if (duration > 0 && position >= 0 && position <= duration) session.setPositionState?.({ duration, position, playbackRate });
}

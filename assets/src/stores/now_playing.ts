// Tells the server what plays here, so that others of the house see it.
import { post } from "@/api/client";

type State = "starting" | "playing" | "paused" | "stopped";

const SETTLED_MS = 400;
const AGAIN_MS = 60_000;

let timer: ReturnType<typeof setTimeout> | undefined;
let last = { track: "", state: "" as State | "", at: 0 };

/** Plays are reported for themselves: no play comes of this. */
function send(track: string, state: State, position: number, speed: number): void {
  last = { track, state, at: performance.now() };
  const body = { track_id: track, state, position_ms: Math.round(position * 1000), rate_permille: Math.round(speed * 1000), count: false };
  post("/now-playing", body, { keepalive: true }).catch(() => {}); // others merely do not see it
}

/** What is told in quick succession is told once. */
export function tell(track: string, state: State, position: number, speed: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => send(track, state, position, speed), SETTLED_MS);
}

/** Now and then while it plays. */
export function stillPlays(track: string, position: number, speed: number): void {
  if (last.track === track && last.state === "playing" && performance.now() - last.at > AGAIN_MS) send(track, "playing", position, speed);
}

// Plays, told to the server as they go: how much was really heard, wherever the position stands.

import { here } from "./api.js";

const MINUTE = 60_000;
/** What is on for less was only passed by. */
const LEAST = 5000;
const MOST_UNSENT = 200;
/** Reports by the id of their play, until the server has them. */
const unsent = new Map();
const onTheirWay = new Set();
let on = null;

/** `crypto.randomUUID` is missing on plain http. */
const name = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A track sounds: a new play, unless one goes on. */
export function begin(track, source, position) {
  on ??= { id: name(), track, source, started: new Date().toISOString(), half: track.duration_ms / 2, ms: 0, told: 0, due: 0 };
  on.due ||= Math.min(30_000, on.half);
  moved(position);
}

/** The position jumped: what lies between was not heard. */
export function moved(position) {
  if (on) [on.position, on.at] = [position, performance.now()];
}

/** Never more than the time that went by, and nothing while the music stalls. */
export function heard(position) {
  if (!on) return;
  const went = performance.now() - on.at;
  on.ms += Math.min(Math.max(0, (position - on.position) * 1000), went);
  moved(position);
  if (on.ms >= on.due) report();
}

async function send([id, report]) {
  const { account, ...body } = report;
  if (account !== here.me?.id) unsent.delete(id);
  if (!unsent.has(id) || onTheirWay.has(report)) return;
  onTheirWay.add(report);
  const headers = { "Content-Type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify({ id, ...body }), keepalive: true, signal: AbortSignal.timeout(10_000) };
  const status = await fetch("/api/v1/plays", request).then((response) => response.status, () => 0);
  onTheirWay.delete(report);
  const isAway = status === 0 || status >= 500 || [401, 408, 429].includes(status);
  if (!isAway && unsent.get(id) === report) unsent.delete(id); // else it is told again with the next one
}

/** Tells what was heard so far, and what could not be told before. */
export function report() {
  if (on && on.ms > on.told && on.ms >= Math.min(LEAST, on.half)) {
    const { id, track, source, started, half, ms } = on;
    on.told = ms;
    on.due = Math.min(...[30_000, half, (Math.floor(ms / MINUTE) + 1) * MINUTE].filter((mark) => mark > ms));
    unsent.set(id, { account: here.me?.id, track_id: track.id, started_at: started, listened_ms: Math.round(ms), source });
    if (unsent.size > MOST_UNSENT) unsent.delete(unsent.keys().next().value);
  }
  return Promise.all([...unsent].slice(-20).map(send));
}

/** The play is over. */
export function finish() {
  const told = report();
  on = null;
  return told;
}

addEventListener("pagehide", report);
document.addEventListener("visibilitychange", () => document.hidden && report());

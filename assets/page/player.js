// The player bar. Two audio elements take turns: the next track is loaded before it is due.

import { signedOut } from "./api.js";
import { $, artistLinks, cover, icon, pictureOf, say, sentence, time } from "./dom.js";
import { heart, paint } from "./hearts.js";
import { begin, finish, heard, moved } from "./plays.js";

const AHEAD_S = 30;
const FAILURES = ["", "it was stopped", "the connection broke", "its file is damaged", "this browser cannot play it"];
const decks = [new Audio(), new Audio()];
let deck = decks[0];
let queue = [];
let index = -1;
let more = null;
let source;
let skipped = 0;
let retries = 0;

export const current = () => queue[index];
const url = (track) => `/api/v1/tracks/${encodeURIComponent(track.id)}`;
// A cue sheet may cut a file into tracks: each begins and ends somewhere in it.
// What is made of a part alone would not join the next one.
const stream = (track) => `${url(track)}/stream${track.excerpt ? "?format=original" : ""}`;
const begins = (track) => (track?.excerpt?.start_us ?? 0) / 1e6;
const ends = (track) => (track?.excerpt?.end_us == null ? Infinity : track.excerpt.end_us / 1e6);
const position = () => deck.currentTime - begins(current());
const goesOn = (track, next) =>
  next?.excerpt && next.excerpt.start_us === track.excerpt?.end_us && next.album.id === track.album.id && next.size === track.size;
const following = () => queue.findIndex((track, i) => i > index && !track.missing_since);

/** Plays `list.items` from `position`; `list.more` grows the same items. The track that is on is paused or resumed. */
export function play(list, position) {
  const same = current()?.id === list.items[position].id;
  [queue, index, more, source, skipped] = [list.items, position, list.more, list.source, 0];
  if (same) toggle();
  else start(position);
}

function load(element, track) {
  if (element.dataset.track === track.id && !element.error) return;
  element.dataset.track = track.id;
  element.preload = "auto";
  element.src = stream(track);
  element.currentTime = begins(track);
}

function start(position, from = 0) {
  if (!from) finish();
  const leaving = deck;
  deck = decks.find((element) => element !== leaving);
  leaving.pause();
  if (position !== index) retries = 0;
  index = position;
  load(deck, current());
  deck.currentTime = begins(current()) + from;
  sound();
  show();
  if (following() < 0) more?.().catch(() => {});
}

function sound() {
  deck.play().catch((error) => error.name === "NotAllowedError" && say("Press play to listen."));
}

export function toggle() {
  if (!current()) return;
  if (deck.error) start(index, position());
  else if (!deck.paused) deck.pause();
  else {
    if (deck.currentTime >= ends(current())) seek(0);
    sound();
  }
}

export async function next() {
  if (following() < 0) await more?.().catch(() => {});
  if (following() >= 0) start(following());
  else if (current()) say("That was the last track of this list.");
}

export function previous() {
  const before = queue.findLastIndex((track, i) => i < index && !track.missing_since);
  if (position() > 3 || before < 0) seek(0);
  else start(before);
}

function length() {
  const end = Math.min(deck.duration, ends(current())) - begins(current());
  return Number.isFinite(end) ? end : (current()?.duration_ms ?? 0) / 1000;
}

export function seek(seconds) {
  if (!current()) return;
  deck.currentTime = begins(current()) + Math.min(Math.max(0, seconds), length());
  progress();
}

export const skip = (seconds) => seek(position() + seconds);

/** Resolves when the server was told of the last play. */
export function stop() {
  const told = finish();
  for (const element of decks) {
    element.removeAttribute("src");
    element.load();
    delete element.dataset.track;
  }
  [queue, index, more] = [[], -1, null];
  show();
  return told;
}

export function volume(level, muted = false) {
  for (const element of decks) [element.volume, element.muted] = [Math.min(Math.max(0, level), 1), muted];
  localStorage.setItem("volume", deck.volume);
  const label = muted ? "Unmute" : "Mute";
  $("mute").replaceChildren(icon(muted ? "muted" : "sound"));
  $("mute").setAttribute("aria-label", label);
  slide($("volume"), muted ? 0 : deck.volume, `${Math.round(deck.volume * 100)} %`);
}

export const louder = (by) => volume(deck.volume + by);
export const mute = () => volume(deck.volume, !deck.muted);

/** Goes on after a track that cannot be played, unless too many were like that already. */
async function skipOver(track, why, most) {
  skipped += 1;
  if (following() < 0) await more?.().catch(() => {});
  if (track !== current()) return;
  const isNext = following() >= 0 && skipped < most;
  say(`“${track.title}” ${isNext ? "was skipped" : "does not play"}. ${sentence(why)}`, 15_000);
  if (isNext) start(following());
  else deck.pause();
}

/** Says why a track does not play; waits for a server that restarts, else goes on with the next track. */
async function failed() {
  const [track, from, code] = [current(), position(), deck.error.code];
  // The element knows nothing of the server's words.
  const response = await fetch(stream(track), { headers: { Range: "bytes=0-0" } }).catch(() => null);
  const problem = response?.ok ? { detail: FAILURES[code] } : await response?.json().catch(() => null);
  await response?.body?.cancel().catch(() => {});
  if (track !== current()) return;
  const away = !response || response.status === 503;
  if (response?.status === 401) signedOut();
  else if (away || (code === MediaError.MEDIA_ERR_NETWORK && retries < 3)) {
    retries += 1;
    say(`The music pauses: ${away ? "the server is restarting" : FAILURES[code]}. Trying again…`);
    setTimeout(() => track === current() && deck.error && start(index, from), Math.min(retries, 10) * 1000);
  } else if (problem?.lacks === "streams") {
    deck.pause(); // the next track would be refused as well
    say(sentence(problem.detail), 30_000);
  } else {
    await skipOver(track, problem?.detail ?? "the server cannot send it", response.status === 402 ? 3 : 10);
  }
}

function slide(input, value, text) {
  input.value = value;
  input.setAttribute("aria-valuetext", text);
  input.style.setProperty("--fill", `${(100 * value) / (input.max || 1)}%`);
}

function progress() {
  const [at, total] = [Math.max(0, position()) * 1000, length() * 1000];
  $("seek").max = Math.max(1, total / 1000);
  slide($("seek"), at / 1000, `${time(at)} of ${time(total)}`);
  [$("elapsed").textContent, $("total").textContent] = [time(at), time(total)];
  if (total && at <= total) {
    navigator.mediaSession?.setPositionState?.({ duration: total / 1000, position: at / 1000, playbackRate: 1 });
  }
}

/** Marks the rows of what is on and what is loved, also those drawn since. */
export function mark() {
  paint();
  for (const row of document.querySelectorAll("[data-track]")) {
    row.setAttribute("aria-current", row.dataset.track === current()?.id);
  }
}

function show() {
  const track = current();
  $("player").hidden = !track;
  document.title = track ? `${track.title} · ${track.artists.map((artist) => artist.name).join(", ")}` : "Hexachord";
  if ("mediaSession" in navigator) {
    const artwork = track?.cover ? [{ src: pictureOf("tracks", track, 640), sizes: "640x640" }] : [];
    const artist = track?.artists.map((each) => each.name).join(", ");
    navigator.mediaSession.metadata = track
      ? new MediaMetadata({ title: track.title, artist, album: track.album.title, artwork })
      : null;
  }
  mark();
  state();
  if (!track) return;
  $("now-cover").replaceChildren(cover("tracks", track, 128));
  $("now-title").textContent = track.title;
  $("now-title").href = `#/album/${encodeURIComponent(track.album.id)}`;
  $("now-artists").replaceChildren(...artistLinks(track.artists).filter(Boolean));
  $("now-heart").replaceChildren(heart(track));
  progress();
}

function state() {
  const playing = Boolean(current()) && !deck.paused;
  document.body.toggleAttribute("data-playing", playing);
  $("play").replaceChildren(icon(playing ? "pause" : "play"));
  $("play").setAttribute("aria-label", playing ? "Pause" : "Play");
  if ("mediaSession" in navigator) navigator.mediaSession.playbackState = playing ? "playing" : "paused";
}

function ended() {
  finish();
  next();
}

let due;
/** At the end of an excerpt the next one plays on where it follows in the same file; else the next track starts. */
function untilItsEnd() {
  clearTimeout(due);
  const left = ends(current()) - deck.currentTime;
  if (deck.paused || left > 0.5) return;
  if (left > 0) due = setTimeout(() => current() && untilItsEnd(), left * 1000);
  else if (goesOn(current(), queue[following()])) passOn();
  else {
    deck.pause(); // what follows in the file is another track
    ended();
  }
}

function passOn() {
  finish();
  index = following();
  deck.dataset.track = current().id;
  begin(current(), source, position());
  show();
  if (following() < 0) more?.().catch(() => {});
}

const events = {
  play: state,
  pause: state,
  ended,
  error: failed,
  durationchange: progress,
  seeking: () => moved(position()),
  playing() {
    begin(current(), source, position());
    if (retries) say("");
    skipped = 0;
  },
  timeupdate() {
    progress();
    heard(position());
    const [upcoming, spare] = [queue[following()], decks.find((each) => each !== deck)];
    // Once: what is refused now is asked for again when it is due.
    const isDue = upcoming && length() - position() < AHEAD_S && !goesOn(current(), upcoming);
    if (isDue && spare.dataset.track !== upcoming.id) load(spare, upcoming);
    untilItsEnd();
  },
};
for (const element of decks) {
  for (const [name, listener] of Object.entries(events)) {
    element.addEventListener(name, () => element === deck && current() && listener());
  }
}
const controls = { play: toggle, pause: toggle, previoustrack: previous, nexttrack: next, seekto: (to) => seek(to.seekTime) };
for (const [name, handler] of Object.entries(controls)) navigator.mediaSession?.setActionHandler(name, handler);
for (const [id, name, action] of [["previous", "previous", previous], ["play", "play", toggle], ["next", "next", next]]) {
  $(id).append(icon(name));
  $(id).addEventListener("click", action);
}
$("mute").addEventListener("click", mute);
$("seek").addEventListener("input", () => seek(Number($("seek").value)));
$("volume").addEventListener("input", () => volume(Number($("volume").value)));
volume(Number(localStorage.getItem("volume") ?? 1));

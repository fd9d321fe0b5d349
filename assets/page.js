// The page: who is here, which view the address names, and the keyboard.

import { account, door } from "./page/account.js";
import { api, here } from "./page/api.js";
import { $, h, say } from "./page/dom.js";
import { forget, love } from "./page/hearts.js";
import { keys } from "./page/keys.js";
import { favourites, forYou, similar } from "./page/listening.js";
import { current, louder, mark, mute, next, previous, skip, stop, toggle } from "./page/player.js";
import { playlist, playlists } from "./page/playlists.js";
import { unwatch, watch } from "./page/scan.js";
import { follow, search, wire } from "./page/search.js";
import { album, albums, artist, artists, genres, tracks } from "./page/views.js";

const VIEWS = {
  account, album, albums, artist, artists, favourites, "for-you": forYou, genres, keys, playlist, playlists, search, similar, tracks,
};
const KEPT = 20;
/** Views by their history entry, so that going back finds the same list at the same place. */
const kept = new Map();
let [me, shown, leaving, entries, searchedFrom] = [null, null, null, 0, null];
history.scrollRestoration = "manual";

function put(section, focus) {
  $("main").replaceChildren(section);
  $("main").removeAttribute("aria-busy");
  if (focus && document.activeElement !== $("search")) section.querySelector("h1")?.focus({ preventScroll: true });
}

async function describe() {
  const server = await api("/server");
  document.querySelector(".brand span").textContent = server.name;
  return server;
}

/** Asks for an account; music that plays goes on meanwhile. */
async function askIn() {
  me = null;
  $("sheet").close();
  leaving?.abort();
  unwatch();
  kept.clear();
  $("top").hidden = true;
  put(door(await describe(), location.hash, enter));
  [...$("main").querySelectorAll("input")].find((input) => !input.value)?.focus();
}

function enter(account) {
  if (account.id !== here.me?.id) forget();
  me = here.me = account;
  $("top").hidden = false;
  $("menu").firstElementChild.textContent = me.username;
  if (!location.hash.startsWith("#/")) history.replaceState(null, "", "#/albums");
  describe();
  if (me.role === "administrator") watch(refresh);
  route();
}

/** Draws a library view again after a scan: an empty one at once, others at the end while at their top. */
function refresh(ended) {
  const empty = $("main").querySelector(".empty");
  if (empty || (ended && scrollY < 200 && !/^#\/(account|for-you|keys)/.test(location.hash))) reload();
}

function reload() {
  kept.clear();
  return route({ again: true });
}

async function route({ again = false } = {}) {
  if (!me) return askIn();
  leaving?.abort();
  const { signal } = (leaving = new AbortController());
  if (shown && !again) shown.y = scrollY;
  const back = kept.get(history.state?.entry);
  const [, name, id, parameters] = /^#\/([\w-]+)(?:\/([^?]+))?(?:\?(.*))?$/.exec(location.hash) ?? [];
  const query = new URLSearchParams(parameters);
  const page = ["album", "artist", "playlist"].includes(name) ? `${name}s` : name;
  for (const link of document.querySelectorAll("nav a")) link.setAttribute("aria-current", link.hash === `#/${page}` && "page");
  document.querySelector("nav [aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "center" });
  follow(name, query);
  $("main").setAttribute("aria-busy", "true");
  try {
    const view = Object.hasOwn(VIEWS, name ?? "") ? VIEWS[name] : albums;
    const context = { id: id && decodeURIComponent(id), query, signal, me, reload };
    const section = back?.section ?? (await view(context));
    if (signal.aborted) return;
    put(section, shown && !again);
    shown = back ?? { section, y: 0 };
    const entry = history.state?.entry ?? (entries += 1);
    history.replaceState({ entry }, "");
    kept.set(entry, shown);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    if (!again) scrollTo(0, shown.y);
    mark();
  } catch (problem) {
    if (signal.aborted || problem.status === 401) return;
    const click = () => route();
    put(h("section", null, h("h1", { tabindex: -1 }, "This did not work"), h("p", null, problem.message), h("button", { click }, "Try again")), true);
    console.error(problem);
  }
}

/** What is typed is part of the address: the first letter makes an entry of the history, the rest changes it. */
function look(text) {
  const address = `#/search?${new URLSearchParams({ q: text })}`;
  if (!location.hash.startsWith("#/search")) {
    if (text) [searchedFrom, location.hash] = [location.hash, address];
    return;
  }
  if (location.hash === address) return;
  kept.delete(history.state?.entry);
  history.replaceState(history.state, "", address);
  scrollTo(0, 0);
  route({ again: true });
}

function leaveSearch() {
  if (!location.hash.startsWith("#/search")) return;
  if (searchedFrom) history.back();
  else location.replace("#/albums");
}

async function signOut() {
  $("menu").open = false;
  await stop();
  await api("/session", { method: "DELETE", patient: true }).catch((problem) => say(problem.message));
  history.replaceState(null, "", "#/albums");
  askIn();
}

const KEYS = {
  " ": toggle,
  ArrowLeft: (event) => (event.shiftKey ? previous() : skip(-10)),
  ArrowRight: (event) => (event.shiftKey ? next() : skip(10)),
  n: next,
  p: previous,
  m: mute,
  l: () => current() && love(current().id, current().title),
  "/": () => $("search").select(),
  "-": () => louder(-0.05),
  "=": () => louder(0.05),
  "?": () => $("help").showModal(),
};
addEventListener("keydown", (event) => {
  if (event.key === "Escape") $("menu").open = false;
  const typing = event.target.closest("input:not(#seek), select, textarea, dialog");
  const pressing = event.key === " " && event.target.closest("a, button, summary");
  if (!me || typing || pressing || event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key](event);
});
addEventListener("click", (event) => {
  if (!event.target.closest("summary")) $("menu").open = false;
  if (event.detail) event.target.closest("button")?.blur(); // else the next Space would press it again
});
addEventListener("hashchange", () => route());
addEventListener("signed-out", () => me && askIn());
wire(look, leaveSearch);
$("keys").addEventListener("click", () => $("help").showModal());
$("sign-out").addEventListener("click", signOut);

api("/me").then(enter, askIn);

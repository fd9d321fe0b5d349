// Hearts: what one loves. A press shows at once, and is taken back when the server does not take it.

import { api } from "./api.js";
import { h, icon, say } from "./dom.js";

const MOST = 200;
const loved = new Map();
/** Ids by the turn in which they were pressed, or told: an older answer about them is out of date. */
const pressed = new Map();
const busy = new Set();
const unknown = new Set();
let turn = 0;
let asking;

/** Draws the hearts again that are on the page now. */
export function paint(id) {
  for (const button of document.querySelectorAll(id ? `[data-heart="${CSS.escape(id)}"]` : "[data-heart]")) {
    button.setAttribute("aria-pressed", loved.get(button.dataset.heart) === true);
  }
}

/** Another listener loves other things. */
export function forget() {
  loved.clear();
  unknown.clear();
}

async function ask() {
  const ids = [...unknown].slice(0, MOST);
  ids.forEach((id) => unknown.delete(id));
  const since = turn;
  if (unknown.size) asking = setTimeout(ask);
  const answer = await api(`/me/annotations?ids=${ids.join()}`, { patient: false }).catch(() => null);
  for (const { item, favourite_since: favourite } of answer?.items ?? []) {
    if (!busy.has(item) && !(pressed.get(item) > since)) loved.set(item, Boolean(favourite));
  }
  paint();
}

function set(id, favourite) {
  loved.set(id, favourite);
  pressed.set(id, (turn += 1));
  paint(id);
}

/** Loves it, or no more; who presses again meanwhile gets the last word. */
export async function love(id, name) {
  const before = loved.get(id) === true;
  set(id, !before);
  if (busy.has(id)) return;
  busy.add(id);
  let told = before;
  try {
    while (loved.get(id) !== told) {
      const now = loved.get(id);
      await api(`/me/favourites/${encodeURIComponent(id)}`, { method: now ? "PUT" : "DELETE" });
      told = now;
    }
  } catch (problem) {
    set(id, told);
    say(`“${name}” is ${told ? "still" : "not"} among your favourites. ${problem.message}`);
  }
  pressed.set(id, (turn += 1));
  busy.delete(id);
}

/** The heart of a track, an album or an artist; asks soon how it stands. */
export function heart({ id, title, name = title }) {
  clearTimeout(asking);
  asking = setTimeout(ask);
  unknown.add(id);
  const click = () => love(id, name);
  return h("button", { class: "heart", "data-heart": id, "aria-pressed": `${loved.get(id) === true}`, "aria-label": `Favourite: ${name}`, click },
    icon("heart"));
}

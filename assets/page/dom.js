// Building elements. Text from the server only ever becomes text nodes, never markup.

export const $ = (id) => document.getElementById(id);

/** An element: functions among `props` are listeners, `true` is a bare attribute, null is left out. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value != null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Milliseconds as `4:05` or `1:02:03`. */
export function time(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString()} ${number === 1 ? one : many}`;

/** The server's details are clauses (`no such album`); people read sentences. */
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");

export const link = (kind, item) => h("a", { href: `#/${kind}/${encodeURIComponent(item.id)}`, dir: "auto" }, item.title ?? item.name);

export const artistLinks = (artists) => artists.flatMap((artist, i) => [i > 0 && ", ", link("artist", artist)]);

/** The picture of an album, track or artist; its initial on a colour of its own where there is none. */
export function cover(kind, item, size) {
  const name = item.title ?? item.name;
  const box = h("span", { class: `cover ${kind}`, "aria-hidden": "true" }, h("i", null, [...name.trim()][0] ?? "♪"));
  box.style.setProperty("--hue", [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7));
  const src = `/api/v1/${kind}/${encodeURIComponent(item.id)}/cover?size=${size}`;
  const error = (event) => event.target.remove();
  if (item.cover) box.append(h("img", { src, alt: "", loading: "lazy", decoding: "async", error }));
  return box;
}

let hiding;
/** Tells the listener something in passing; the text is read out too. */
export function say(text, ms = 7000) {
  clearTimeout(hiding);
  $("notice").textContent = text;
  $("notice").hidden = !text;
  hiding = setTimeout(() => ($("notice").hidden = true), ms);
}

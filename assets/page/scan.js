// The strip for administrators: what the scan of the library does, and the button that starts one.

import { api } from "./api.js";
import { $, count, h, say } from "./dom.js";

const RUNNING = ["walking", "reading"];
const AGAIN = 15_000;
let timer;
let source;
let ended;

function words(scan) {
  const kinds = ["added", "updated", "moved", "missing", "unreadable"];
  const changes = kinds.filter((kind) => scan[kind]).map((kind) => `${scan[kind].toLocaleString()} ${kind}`);
  return {
    idle: "No scan since the server started.",
    walking: `Looking through the folders: ${count(scan.found, "file")} found`,
    reading: `Reading ${scan.read.toLocaleString()} of ${count(scan.to_read, "file")}`,
    finished: `Scanned ${count(scan.found, "file")}: ${changes.join(", ") || "nothing has changed"}.`,
    cancelled: `The scan was stopped after ${count(scan.read, "file")}.`,
    failed: `The scan failed: ${scan.failure}`,
  }[scan.phase];
}

function draw(scan) {
  const running = RUNNING.includes(scan.phase);
  const bar = scan.phase === "reading" ? { value: scan.read, max: scan.to_read || 1 } : {};
  const click = async (event) => {
    const button = event.target;
    button.disabled = true;
    await api("/admin/scan", { method: "POST" }).catch((problem) => {
      button.disabled = false;
      say(problem.message);
    });
  };
  const open = $("scan").querySelector("details")?.open;
  $("scan").replaceChildren(
    h("span", null, words(scan)),
    running ? h("progress", { "aria-label": "Progress of the scan", ...bar }) : h("button", { click }, "Scan"),
    scan.warnings.length > 0 && h("details", { open }, h("summary", null, count(scan.warnings.length, "warning")),
      h("ul", null, scan.warnings.map((warning) => h("li", { dir: "auto" }, warning)))) || "");
}

/** Shows the scan from now on; calls `onMusic` when one brought something or came to its end. */
export function watch(onMusic) {
  unwatch();
  let before;
  const listen = () => {
    source?.close();
    // A page that nobody sees leaves its connection to others.
    if (document.hidden) return;
    source = new EventSource("/api/v1/admin/scan/events");
    source.addEventListener("scan", (event) => {
      const scan = JSON.parse(event.data);
      const running = RUNNING.includes(scan.phase);
      draw(scan);
      $("scan").hidden = false;
      if (before && (scan.added !== before.added || (!running && RUNNING.includes(before.phase)))) onMusic(!running);
      before = scan;
    });
    source.addEventListener("error", () => {
      // The browser connects again by itself, unless the server answered that it will not tell.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(listen, AGAIN);
    });
  };
  document.addEventListener("visibilitychange", listen, { signal: (ended = new AbortController()).signal });
  listen();
}

export function unwatch() {
  clearTimeout(timer);
  ended?.abort();
  source?.close();
  $("scan").hidden = true;
}

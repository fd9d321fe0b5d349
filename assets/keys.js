// What the QR code of a new key leads to: what stands behind the `#` is shown here and sent nowhere. Without it
// people make a key.

import { h } from "./page/dom.js";
import { answers } from "./page/copy.js";

const given = new URLSearchParams(location.hash.slice(1));
const [user, key] = [given.get("user"), given.get("key")];
if (user && key) {
  // Neither the history nor a shared link shall have it.
  history.replaceState(null, "", location.pathname);
  document.getElementById("main").replaceChildren(
    h("h1", null, "A key for an app"),
    h("p", null, "Open the app, choose Subsonic, OpenSubsonic or Navidrome as the kind of server, and copy these into it."),
    answers(location.origin, user, key),
    h("p", { class: "muted" }, "The key opens this account for whoever has it. It is shown this once: when this page is left it is gone."));
} else {
  location.replace("/#/keys");
}

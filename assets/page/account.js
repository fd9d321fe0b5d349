// Ways in (claim, register, sign in), and what an account keeps: a plan, device keys and sessions.

import { api } from "./api.js";
import { h, say } from "./dom.js";
import { form } from "./form.js";
import { plan } from "./plan.js";

const NAME = { name: "username", label: "Username", autocomplete: "username", autocapitalize: "none", spellcheck: "false" };
const PASSWORD = { name: "password", label: "Password", type: "password", autocomplete: "current-password" };
const NEW_PASSWORD = { ...PASSWORD, autocomplete: "new-password" };
const code = (name, label, value) => ({ name, label, value, autocomplete: "off", spellcheck: "false" });

/** The page before there is an account: which one depends on the server's state and the link that was followed. */
export function door(server, hash, enter) {
  const [, kind, value] = /^#(claim|invite)=(.+)$/.exec(hash) ?? [];
  const given = value && decodeURIComponent(value);
  const frame = (lead, ...content) => h("section", { class: "door" },
    h("img", { src: "/assets/icon.svg", alt: "", width: 72, height: 72 }), h("h1", { tabindex: -1 }, server.name), h("p", null, lead), ...content);
  const signed = (answer) => enter(answer.account);
  if (!server.claimed) {
    const fields = [code("code", "Claim code", kind === "claim" ? given : ""), NAME, NEW_PASSWORD];
    return frame("Welcome. Make the first account: it administers this server. The claim link stands where the server was started.",
      form(fields, "Make this server mine", "/claim", signed));
  }
  const switchTo = (next, text) => h("p", null, h("a", { href: next }, text));
  if (server.registration !== "closed" && (kind === "invite" || hash === "#register")) {
    const fields = [NAME, NEW_PASSWORD];
    if (given || server.registration === "invite") fields.unshift(code("invite", "Invite", given));
    const register = async (made, { username, password }) =>
      signed(made.token ? made : await api("/session", { method: "POST", body: { username, password } }));
    return frame("Make an account to listen here.", form(fields, "Make the account", "/accounts", register),
      switchTo("#/albums", "I have an account"));
  }
  const lead = kind === "claim" ? "This server has its administrator already. Sign in to listen." : "Sign in to listen.";
  const offer = { open: "Make an account", invite: "I have an invite" }[server.registration];
  return frame(lead, form([NAME, PASSWORD], "Sign in", "/session", signed), offer && switchTo("#register", offer));
}

const when = (text) => (text ? new Date(text).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "never");

/** One key or session with a button that ends it. */
function entry(path, title, detail, action, after) {
  const click = async (event) => {
    event.target.disabled = true;
    await api(path, { method: "DELETE", patient: true }).then(after, (problem) => say(problem.message));
  };
  return h("li", null, h("div", null, h("b", { dir: "auto" }, title), h("small", null, detail)), h("button", { click }, action));
}

export async function account({ me, signal, reload }) {
  const [keys, sessions, offered] = await Promise.all([
    ...["/me/device-keys", "/me/sessions"].map((path) => api(path, { signal })),
    plan({ signal, reload }),
  ]);
  const secret = h("p", { class: "secret", role: "status" });
  const keyRow = (key) => entry(`/me/device-keys/${encodeURIComponent(key.id)}`, key.label, `Last used: ${when(key.last_used_at)}`, "Revoke", reload);
  const keyList = h("ul", { class: "entries" }, keys.items.map(keyRow));
  const made = (key) => {
    keyList.append(keyRow(key));
    secret.replaceChildren("Key of ", h("b", null, key.label), ": ", h("code", null, key.secret), " Copy it now, it is not shown again.");
  };
  return h("section", { class: "account" }, h("h1", { tabindex: -1, dir: "auto" }, me.username), offered,
    h("h2", null, "Device keys"), h("p", { class: "muted" }, "A password for one app, that can be revoked alone."), keyList, secret,
    form([{ name: "label", label: "New key for", placeholder: "Phone", maxlength: 64, autocomplete: "off" }], "Make a key", "/me/device-keys", made),
    h("h2", null, "Sessions"),
    h("ul", { class: "entries" }, sessions.items.map((session) =>
      entry(`/me/sessions/${encodeURIComponent(session.id)}`, session.current ? "This browser" : session.origin.agent || "Unknown program",
        `${session.origin.address || "this machine"} · last used ${when(session.last_used_at)}`, "End", reload))));
}

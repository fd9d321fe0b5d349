// Ways in (claim, register, sign in), and what an account keeps: a plan and sessions.

import { api } from "./api.js";
import { h } from "./dom.js";
import { form } from "./form.js";
import { entry, when } from "./keys.js";
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

export async function account({ me, signal, reload }) {
  const [sessions, offered] = await Promise.all([api("/me/sessions", { signal }), plan({ signal, reload })]);
  return h("section", { class: "account" }, h("h1", { tabindex: -1, dir: "auto" }, me.username), offered,
    h("h2", null, "Apps"), h("p", null, h("a", { class: "button", href: "#/keys" }, "Connect an app, or revoke its key")),
    h("h2", null, "Sessions"),
    h("ul", { class: "entries" }, sessions.items.map((session) =>
      entry(`/me/sessions/${encodeURIComponent(session.id)}`, session.current ? "This browser" : session.origin.agent || "Unknown program",
        `${session.origin.address || "this machine"} · last used ${when(session.last_used_at)}`, "End", reload))));
}

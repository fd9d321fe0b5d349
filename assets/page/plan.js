// The plan of an account: what it allows, the plans there are, what is to be paid. Nothing at all where everything is free.

import { api } from "./api.js";
import { count, h, say } from "./dom.js";

const day = (text) => new Date(text).toLocaleDateString([], { dateStyle: "long" });

/** `499` of EUR as `€4.99`, of JPY as `¥499`. */
function price({ amount, currency }) {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

function limits({ max_bitrate_kbps: most, concurrent_streams: streams, downloads }) {
  return [
    most == null ? "every quality" : `up to ${most.toLocaleString()} kbit/s`,
    streams == null ? "any number of devices" : `${count(streams, "device")} at a time`,
    downloads ? "downloads" : "no downloads",
  ].join(" · ");
}

/** In which state it is, and what is to be done. */
function words({ state, plan, open_payment: due, period_ends_at: ends, cancelled }) {
  const until = ends && day(ends);
  const pay = due && ["Pay ", h("b", null, price(due.price)), " with the reference ", h("code", null, due.reference), ". "];
  return {
    pending: [pay, h("b", { dir: "auto" }, plan.name), " begins when the payment has arrived."],
    active: [cancelled ? `Cancelled: it ends on ${until}.` : `Paid until ${until}.`, " ", pay],
    past_due: [`The period ended on ${until}. `, pay, "The plan goes on for a few days until the payment arrives."],
    ended: ["It has ended."],
  }[state].flat();
}

/** The part of the account view about plans; null where there are none, or nobody can tell. */
export async function plan({ signal, reload }) {
  const quiet = (path) => api(path, { signal, patient: false }).catch(() => null);
  const plans = await quiet("/plans");
  const mine = plans?.items.length ? await quiet("/me/subscription") : null;
  if (!mine) return null;
  const { subscription } = mine;
  const send = (method, body) => async (event) => {
    event.target.disabled = true;
    await api("/me/subscription", { method, body }).then(reload, (problem) => say(problem.message));
    event.target.disabled = false;
  };
  const cancel = (event) => confirm(`Cancel ${subscription.plan.name}?`) && send("DELETE")(event);
  const offer = (each) => {
    const current = each.id === mine.plan?.id;
    const cost = each.price.amount ? `${price(each.price)} a ${each.period}` : "costs nothing";
    const take = !each.free && !subscription && h("button", { click: send("POST", { plan_id: each.id }), "aria-label": `Take ${each.name}` }, "Take");
    return h("li", { "aria-current": current && "true" },
      h("div", null, h("b", { dir: "auto" }, each.name), ` · ${cost}`, each.description && h("small", { dir: "auto" }, each.description),
        h("small", null, limits(each.entitlements))),
      current ? h("span", { class: "muted" }, "Yours") : take);
  };
  return h("div", { class: "plan" }, h("h2", null, "Plan"),
    h("p", null, h("b", { dir: "auto" }, mine.plan?.name ?? "Administrator"), ` · ${limits(mine.entitlements)}`),
    subscription && h("div", { class: "secret" }, h("p", null, words(subscription)),
      !subscription.cancelled && h("button", { click: cancel }, "Cancel")),
    h("ul", { class: "entries" }, plans.items.map(offer)));
}

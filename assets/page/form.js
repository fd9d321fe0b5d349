// A form that sends its fields as JSON, and says what is wrong with them.

import { api } from "./api.js";
import { h } from "./dom.js";

/** Sends its fields, and those of `given`, to `path`; hands on the answer. */
export function form(fields, action, path, done, given = {}) {
  const alert = h("p", { role: "alert", class: "alert" });
  const button = h("button", { class: "primary" }, action);
  const inputs = fields.map(({ label, ...attributes }) => [label, h("input", { required: true, ...attributes })]);
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    alert.textContent = "";
    for (const [, input] of inputs) input.removeAttribute("aria-invalid");
    try {
      const typed = Object.fromEntries(inputs.map(([, input]) => [input.name, input.value]));
      await done(await api(path, { method: "POST", body: { ...given, ...typed }, patient: path === "/session" }), typed);
      event.target.reset();
    } catch (problem) {
      alert.textContent = problem.message;
      const wrong = inputs.find(([, input]) => input.name === problem.field)?.[1];
      wrong?.setAttribute("aria-invalid", "true");
      wrong?.focus();
      if (problem.retryAfter) await new Promise((resolve) => setTimeout(resolve, problem.retryAfter * 1000));
    }
    button.disabled = false;
  };
  return h("form", { submit }, inputs.map(([label, input]) => h("label", null, label, input)), alert, button);
}

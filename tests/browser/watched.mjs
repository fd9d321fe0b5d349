// What every script of the player shares: complaints of the browser fail it, steps say their names.

/** On a busy machine what was asked for early may be used late, which is no fault of the page. */
const LATE = /was preloaded using link preload but not used/;

/** Collects what the browser complains about; a page in order has nothing here. `isExpected` takes the text and the place. */
export async function watch(page, isExpected = () => false) {
  const complaints = [];
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => complaints.push(`page error: ${error.message}\n${error.stack}`));
  page.on("console", (message) => {
    const place = message.location().url;
    const isComplaint = ["error", "warning"].includes(message.type()) && !LATE.test(message.text());
    if (isComplaint && !isExpected(message.text(), place)) {
      complaints.push(`${message.type()}: ${message.text()} (${place})`);
    }
  });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return complaints;
}

/** Does the work of a step, and says which one failed. */
export async function step(name, complaints, work) {
  try {
    await work();
  } catch (error) {
    throw new Error(`${name}: ${error.message}\n${complaints.join("\n")}`, { cause: error });
  }
  if (complaints.length > 0) throw new Error(`${name}: the browser complains:\n${complaints.join("\n")}`);
  console.log(name);
}

/** Signs in as the page does, with the session's cookie. */
export async function signIn(page, url, username, password) {
  await page.goto(`${url}/login`);
  const status = await page.evaluate(
    async (body) => (await fetch("/api/v1/session", { method: "POST", headers: { "content-type": "application/json" }, body })).status,
    JSON.stringify({ username, password }),
  );
  if (status !== 201) throw new Error(`signing in answered ${status}`);
}

/** What the server says, asked as the page asks. */
export const get = (page, path) => page.evaluate(async (from) => (await fetch(`/api/v1${from}`)).json(), path);

/** Asks until the answer fits: what other services keep is a moment behind. */
export async function until(page, path, fits) {
  let answer;
  for (let attempt = 0; attempt < 150; attempt += 1) {
    answer = await get(page, path);
    if (fits(answer)) return answer;
    await page.waitForTimeout(100);
  }
  throw new Error(`${path} does not come to say what it should: ${JSON.stringify(answer)}`);
}

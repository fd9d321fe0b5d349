// After an update the server has not the parts any more that the page of before would load: the page is read anew.

const RENEWED = "hexachord.renewed";
/** What fails again so soon is not mended by it. */
const AGAIN_MS = 60_000;

/** Reads the page anew, unless that was just done or nothing answers; says whether it does. */
export async function renewPage(reload = () => location.reload(), now = Date.now()): Promise<boolean> {
  if (now - Number(sessionStorage.getItem(RENEWED) ?? 0) < AGAIN_MS) return false;
  // Without a server the page that is here is better than none.
  const answer = await fetch("/", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return false;
  sessionStorage.setItem(RENEWED, String(now));
  reload();
  return true;
}

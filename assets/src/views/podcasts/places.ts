// Where one stopped listening to episodes, kept in this browser.
const STORED = "hexachord.episodes";
const MOST = 200;

function all(): Record<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    return stored && typeof stored === "object" ? (stored as Record<string, number>) : {};
  } catch {
    return {};
  }
}

/** In seconds; 0 where one never began, or came to the end. */
export function placeOf(id: string): number {
  return Number(all()[id]) || 0;
}

/** Of many the oldest ones are forgotten. */
export function keepPlace(id: string, seconds: number): void {
  const { [id]: _, ...others } = all();
  const kept = Object.entries(others).slice(1 - MOST);
  if (seconds > 0) kept.push([id, Math.floor(seconds)]);
  localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(kept)));
}

// Days of the listener's calendar, as fields for dates have them: `2026-11-27`.

const two = (value: number) => String(value).padStart(2, "0");

/** The day of a moment, here. */
export function dayOf(at: number | string | Date): string {
  const day = new Date(at);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The last second of a day, here. */
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}

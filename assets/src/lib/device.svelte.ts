// How much room there is: phone, narrow, wide.

class Device {
  /** Below 640 px. */
  phone = $state(false);
  /** From 1024 px on: there is room for a panel. */
  wide = $state(true);

  constructor() {
    const follow = (query: string, set: (matches: boolean) => void) => {
      const media = globalThis.matchMedia?.(query);
      if (!media) return;
      set(media.matches);
      media.addEventListener("change", () => set(media.matches));
    };
    follow("(max-width: 639px)", (matches) => (this.phone = matches));
    follow("(min-width: 1024px)", (matches) => (this.wide = matches));
  }
}

export const device = new Device();

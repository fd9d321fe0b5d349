// Where a popover appears: beside what opens it, on the side with more room, inside of the window.

const GAP = 12;
const EDGE = 12;

/** For `{@attach}` on an element with `popover`: puts it above or below the element that opened it. */
export const beside = (opener: () => HTMLElement | undefined) => (popover: HTMLElement) => {
  const place = (event: ToggleEvent) => {
    const from = opener()?.getBoundingClientRect();
    if (event.newState !== "open" || !from) return;
    const isAbove = from.top > innerHeight - from.bottom;
    // Its size is known once it is shown; a frame's work comes before it is painted.
    requestAnimationFrame(() => {
      const most = innerWidth - popover.offsetWidth - EDGE;
      popover.style.left = `${Math.max(EDGE, Math.min(from.left + (from.width - popover.offsetWidth) / 2, most))}px`;
      popover.style.top = isAbove ? "auto" : `${from.bottom + GAP}px`;
      popover.style.bottom = isAbove ? `${innerHeight - from.top + GAP}px` : "auto";
    });
  };
  // Where it was opened is somewhere else in another window.
  const hide = () => popover.matches(":popover-open") && popover.hidePopover();
  popover.addEventListener("beforetoggle", place);
  addEventListener("resize", hide);
  return () => {
    popover.removeEventListener("beforetoggle", place);
    removeEventListener("resize", hide);
  };
};

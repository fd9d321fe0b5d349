// What is asked for only when it comes into sight.

/** For `{@attach}`: calls once, when the element is on the screen or about to be. */
export const onceSeen = (call: () => void) => (element: HTMLElement) => {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      call();
    },
    { rootMargin: "200px" },
  );
  observer.observe(element);
  return () => observer.disconnect();
};

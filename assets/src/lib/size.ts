// The size of an element, told when the page is laid out anyway: asking for it would make the browser do that at once.

/** For `{@attach}`: calls at first and whenever the content's size changes, in CSS pixels; never while it is not shown. */
export const onSize = (call: (size: { width: number; height: number }) => void) => (element: HTMLElement) => {
  const observer = new ResizeObserver((entries) => {
    const size = entries.at(-1)?.contentRect;
    if (size && (size.width > 0 || size.height > 0)) call(size);
  });
  observer.observe(element);
  return () => observer.disconnect();
};

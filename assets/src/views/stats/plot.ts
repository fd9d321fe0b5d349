// Bars by day, drawn by uPlot in the page's colours. Loaded when a plot is shown.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { currentLanguage, number } from "@/i18n/index.svelte";

const HEIGHT = 220;
const DAY = 86_400;

/** Draws into `where` and keeps its width; answers how to take it away again. */
export function bars(where: HTMLElement, columns: [number[], number[]]): () => void {
  const style = getComputedStyle(where);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const day = new Intl.DateTimeFormat(currentLanguage(), { day: "numeric", month: "short" });
  const axis = { stroke: colour("--muted"), font, ticks: { show: false }, grid: { stroke: colour("--hair"), width: 1 } };
  const plot = new uPlot(
    {
      width: Math.max(1, where.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { y: { range: (_plot, _least, most) => [0, Math.max(10, most * 1.1)] }, x: { range: (_plot, from, until) => [from - DAY / 2, until + DAY / 2] } },
      axes: [
        { ...axis, grid: { show: false }, values: (_plot, at) => at.map((seconds) => day.format(seconds * 1000)), space: 64, incrs: [1, 2, 3, 7, 14, 30, 61, 91].map((days) => days * DAY) },
        { ...axis, values: (_plot, at) => at.map((minutes) => number(minutes)), size: 48 },
      ],
      series: [{}, { stroke: colour("--accent"), fill: colour("--accent"), width: 0, points: { show: false }, paths: uPlot.paths.bars?.({ size: [0.7, 40], radius: 0.2 }) }],
    },
    columns,
    where,
  );
  const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(1, where.clientWidth), height: HEIGHT }));
  observer.observe(where);
  return () => {
    observer.disconnect();
    plot.destroy();
  };
}

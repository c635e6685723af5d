/**
 * The sweep as a picture: a small panel for each threshold, false alerts an hour (left) against the share of
 * events found (right). In: points and the product's values. Out: SVG text.
 */
import { SWEEP } from './sweep.ts';
import type { SweepPoint, Swept } from './sweep.ts';

const PANEL = { width: 250, height: 180, left: 34, right: 38, top: 40, bottom: 30 } as const;
const COLUMNS = 4;
const HEAD_PX = 34;
const COLOURS = {
  warnings: '#c0392b',
  notices: '#8a6d00',
  found: '#1f5fa8',
  axis: '#888888',
  text: '#222222',
};

/** What of a point is drawn, and how. */
interface Curve {
  readonly colour: string;
  readonly dash: string;
  /** 0-1 of the panel's height; `null` = nothing to draw. */
  readonly heights: readonly (number | null)[];
}

/** @param product the value of each path in the product's config */
export function plotSweep(
  points: readonly SweepPoint[],
  product: Readonly<Record<string, number>>,
  about: string,
): string {
  const width = COLUMNS * PANEL.width;
  const height = HEAD_PX + Math.ceil(SWEEP.length / COLUMNS) * PANEL.height;
  const panels = SWEEP.map((swept, index) => {
    const x = (index % COLUMNS) * PANEL.width;
    const y = HEAD_PX + Math.floor(index / COLUMNS) * PANEL.height;
    const mine = points.filter((point) => point.path === swept.path);
    return `<g transform="translate(${x} ${y})">${panelOf(swept, mine, product[swept.path])}</g>`;
  });
  const legend = [
    text(8, 14, about, COLOURS.text),
    text(8, 28, 'left: false warnings an hour', COLOURS.warnings),
    text(180, 28, 'notices an hour (dashed)', COLOURS.notices),
    text(330, 28, 'right: share of events found', COLOURS.found),
    text(500, 28, 'bold: the value in use', COLOURS.text),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="10">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...legend,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

function panelOf(swept: Swept, points: readonly SweepPoint[], inUse: number | undefined): string {
  const most = Math.max(1, ...points.flatMap((p) => [p.falseWarningsPerHour, p.noticesPerHour]));
  const top = Math.ceil(most);
  const curves: Curve[] = [
    { colour: COLOURS.found, dash: '', heights: points.map((p) => p.foundShare) },
    { colour: COLOURS.notices, dash: '4 3', heights: points.map((p) => p.noticesPerHour / top) },
    { colour: COLOURS.warnings, dash: '', heights: points.map((p) => p.falseWarningsPerHour / top) },
  ];
  const foundless = points.every((p) => p.foundShare === null);
  const rightPx = PANEL.width - PANEL.right;
  return [
    text(PANEL.left, 18, titleOf(swept), COLOURS.text, 'bold'),
    text(PANEL.left, 31, foundless ? 'no events injected' : `finds ${swept.finds.join(', ')}`, COLOURS.found),
    line(PANEL.left, yPx(0), rightPx, yPx(0)),
    line(PANEL.left, yPx(0), PANEL.left, yPx(1)),
    line(rightPx, yPx(0), rightPx, yPx(1)),
    ...[0, 0.5, 1].map((at) => text(4, yPx(at) + 3, String(at * top), COLOURS.warnings)),
    ...(foundless
      ? []
      : [0, 0.5, 1].map((at) => text(rightPx + 4, yPx(at) + 3, `${100 * at} %`, COLOURS.found))),
    ...points.map(({ value }, index) => {
      const weight = value === inUse ? 'bold' : 'normal';
      return text(
        xPx(index, points.length),
        PANEL.height - 14,
        labelOf(swept, value),
        COLOURS.text,
        weight,
        'middle',
      );
    }),
    ...curves.map(curveOf),
  ].join('');
}

/** Long times are shown in seconds, so that they fit. */
function titleOf({ path, unit }: Swept): string {
  if (unit === '') return path;
  return `${path} [${unit === 'ms' ? 's' : unit}]`;
}

function labelOf({ unit }: Swept, value: number): string {
  return String(unit === 'ms' ? value / 1000 : value);
}

function curveOf({ colour, dash, heights }: Curve): string {
  const places = heights.flatMap((height, index) =>
    height === null ? [] : [{ x: xPx(index, heights.length), y: yPx(height) }],
  );
  const path = places.map(({ x, y }) => `${x},${y}`).join(' ');
  const dots = places.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="2.5" fill="${colour}"/>`).join('');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-dasharray="${dash}"/>${dots}`;
}

function xPx(index: number, count: number): number {
  const insetPx = 14;
  const widthPx = PANEL.width - PANEL.left - PANEL.right - 2 * insetPx;
  return Math.round(PANEL.left + insetPx + (index * widthPx) / Math.max(1, count - 1));
}

function yPx(height: number): number {
  const heightPx = PANEL.height - PANEL.top - PANEL.bottom;
  return Math.round(10 * (PANEL.top + heightPx * (1 - height))) / 10;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${COLOURS.axis}"/>`;
}

function text(
  x: number,
  y: number,
  words: string,
  colour: string,
  weight = 'normal',
  anchor = 'start',
): string {
  return `<text x="${x}" y="${y}" fill="${colour}" font-weight="${weight}" text-anchor="${anchor}">${words}</text>`;
}

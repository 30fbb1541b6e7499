/**
 * Where things are.  Rectangles are {x, y, width, height}, points {x, y}.  The frame is the camera's
 * picture in its own pixels; the box is the part of the screen that it covers (object-fit: cover).
 */

/** The point of the frame that is shown at a point of the screen. */
export function pictured(point, frame, box) {
  const scale = Math.max(box.width / frame.width, box.height / frame.height);
  const across = (from, length, whole) => (from + (whole * scale - length) / 2) / scale;
  return {
    x: across(point.x - box.x, box.width, frame.width),
    y: across(point.y - box.y, box.height, frame.height),
  };
}

function between(from, to, frame) {
  const [x, y] = [Math.max(0, Math.floor(from.x)), Math.max(0, Math.floor(from.y))];
  const right = Math.min(frame.width, Math.ceil(to.x));
  const bottom = Math.min(frame.height, Math.ceil(to.y));
  return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
}

const farCorner = ({ x, y, width, height }) => ({ x: x + width, y: y + height });

/** The part of the frame below a rectangle of the screen, in whole pixels. */
export function partUnder(area, frame, box) {
  return between(pictured(area, frame, box), pictured(farCorner(area), frame, box), frame);
}

/** A part with a margin of `by` of its size on each side, inside the frame. */
export function widened({ x, y, width, height }, by, frame) {
  const [across, down] = [width * by, height * by];
  const to = { x: x + width + across, y: y + height + down };
  return between({ x: x - across, y: y - down }, to, frame);
}

export function centre(corners) {
  const sum = corners.reduce((so, { x, y }) => ({ x: so.x + x, y: so.y + y }), { x: 0, y: 0 });
  return { x: sum.x / corners.length, y: sum.y / corners.length };
}

export function within({ x, y }, part) {
  return x >= part.x && y >= part.y && x <= part.x + part.width && y <= part.y + part.height;
}

const edges = (corners) => corners.map((from, at) => [from, corners[(at + 1) % corners.length]]);

function isInside({ x, y }, corners) {
  const crossed = edges(corners).filter(([a, b]) =>
    a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
  return crossed.length % 2 === 1;
}

function toEdge(point, [a, b]) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length ? ((point.x - a.x) * dx + (point.y - a.y) * dy) / length : 0;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - t * dx, point.y - a.y - t * dy);
}

/** How far a point is from an outline; 0 inside. */
export function distance(point, corners) {
  if (isInside(point, corners)) return 0;
  return Math.min(...edges(corners).map((edge) => toEdge(point, edge)));
}

/** The code that a finger meant: under it, else the nearest within `reach`; undefined if none. */
export function chosen(point, symbols, reach) {
  const measured = symbols.map((symbol) => {
    const middle = centre(symbol.corners);
    const off = Math.hypot(point.x - middle.x, point.y - middle.y);
    return { symbol, away: distance(point, symbol.corners), off };
  });
  const near = measured.filter(({ away }) => away <= reach);
  return near.sort((a, b) => a.away - b.away || a.off - b.off)[0]?.symbol;
}

function height(corners) {
  const downs = corners.map(({ y }) => y);
  return Math.max(...downs) - Math.min(...downs);
}

/** As a person reads a shelf: row after row from the top, each from left to right. */
export function inReadingOrder(symbols) {
  const placed = symbols.map((symbol) => ({ symbol, at: centre(symbol.corners) }));
  const rows = [];
  for (const one of placed.sort((a, b) => a.at.y - b.at.y)) {
    const first = rows.at(-1)?.[0];
    const reach = first && Math.max(height(first.symbol.corners), height(one.symbol.corners)) / 2;
    if (first && one.at.y - first.at.y <= reach) rows.at(-1).push(one);
    else rows.push([one]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.at.x - b.at.x)).map(({ symbol }) => symbol);
}

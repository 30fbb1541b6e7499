function cornersOf({ x, y, width, height }) {
  return [{ x, y }, { x: x + width, y }, { x: x + width, y: y + height }, { x, y: y + height }];
}

/** What a BarcodeDetector found, as {text, symbology, corners}: plain data, fit for a message. */
export function symbolOf({ rawValue, format, cornerPoints, boundingBox }) {
  const corners = cornerPoints?.length >= 3 ? cornerPoints : cornersOf(boundingBox);
  return { text: rawValue, symbology: format, corners: corners.map(({ x, y }) => ({ x, y })) };
}

/**
 * Lossless JPEG (process 14, any predictor), one grey component.
 *
 * Source: ITU-T T.81, annex H.
 * Layer:  workers; imports core.
 */
import { BitReader, codeTable } from "./jpeg-bits.js";
import type { JpegHeader } from "./jpeg-header.js";

/** @returns columns × rows values of up to 16 bits. @throws InputError if the data are damaged or end too early. */
export function decodeLossless(stream: Uint8Array, header: JpegHeader): Uint16Array {
  const { columns, rows, bits, selection, shift, restartInterval } = header;
  const table = codeTable(header.huffman.get(header.dcId));
  const reader = new BitReader(stream, header.scanStart);
  const out = new Uint16Array(columns * rows);
  const start = 1 << (bits - shift - 1);
  let untilRestart = restartInterval;
  let firstRow = 0; // the row after a restart has no row above
  for (let y = 0, p = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, p++) {
      if (restartInterval > 0 && untilRestart-- === 0) {
        reader.restart();
        untilRestart = restartInterval - 1;
        firstRow = y;
      }
      const isStart =
        y === firstRow && (x === 0 || (restartInterval > 0 && untilRestart === restartInterval - 1));
      const predicted = isStart
        ? start
        : y === firstRow
          ? out[p - 1]
          : x === 0
            ? out[p - columns]
            : predict(selection, out[p - 1], out[p - columns], out[p - columns - 1]);
      const size = reader.symbol(table);
      out[p] = predicted + (size === 16 ? 32768 : reader.signed(size));
    }
  }
  if (shift > 0) for (let p = 0; p < out.length; p++) out[p] <<= shift;
  return out;
}

/** Table H.1: from the pixels to the left, above, and above left. */
function predict(selection: number, left: number, above: number, corner: number): number {
  switch (selection) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    case 7:
      return (left + above) >> 1;
    default:
      return 0;
  }
}

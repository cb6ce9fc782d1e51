/**
 * Sequential JPEG of 12 bits (process 4), one grey component.
 *
 * Source: ITU-T T.81, annexes A and F. The inverse cosine transform is the definition (A.3.3) in double precision, rounded once, so
 * that a value differs from an integer transform by at most 1.
 * Layer:  workers; imports core.
 */
import { InputError } from "../core/errors.js";
import { BitReader, codeTable } from "./jpeg-bits.js";
import type { JpegHeader } from "./jpeg-header.js";

/** Place of the k-th coded coefficient in its block (figure A.6). */
const ZIGZAG: Uint8Array = zigzag();
/** COSINE[8·x + u]: weight of frequency u at place x. */
const COSINE: Float64Array = Float64Array.from({ length: 64 }, (_, i) => {
  const [x, u] = [i >> 3, i & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

/** @returns columns × rows values. @throws InputError if the data are damaged or end too early. */
export function decodeExtended(stream: Uint8Array, header: JpegHeader): Uint16Array {
  const { columns, rows, bits, restartInterval } = header;
  const steps = header.quantization.get(header.quantizationId);
  if (steps === undefined)
    throw new InputError(
      "the JPEG data are damaged: a table of steps is missing. Get a fresh copy of the file.",
    );
  const dc = codeTable(header.huffman.get(header.dcId));
  const ac = codeTable(header.huffman.get(0x10 | header.acId));
  const reader = new BitReader(stream, header.scanStart);
  const out = new Uint16Array(columns * rows);
  const block = new Float64Array(64);
  const across = Math.ceil(columns / 8);
  const blocks = across * Math.ceil(rows / 8);
  let previous = 0;
  for (let b = 0; b < blocks; b++) {
    if (restartInterval > 0 && b > 0 && b % restartInterval === 0) {
      reader.restart();
      previous = 0;
    }
    block.fill(0);
    previous += reader.signed(reader.symbol(dc) & 15);
    block[0] = previous * steps[0];
    for (let k = 1; k < 64; k++) {
      const symbol = reader.symbol(ac);
      const [run, size] = [symbol >> 4, symbol & 15];
      if (size === 0 && run < 15) break; // end of block
      k += run;
      if (k > 63)
        throw new InputError("the JPEG data are damaged: a block is too long. Get a fresh copy of the file.");
      if (size > 0) block[ZIGZAG[k]] = reader.signed(size) * steps[k];
    }
    inverseCosine(block);
    writeBlock(block, out, 8 * (b % across), 8 * Math.floor(b / across), columns, rows, bits);
  }
  return out;
}

function inverseCosine(block: Float64Array): void {
  const line = new Float64Array(8);
  for (let pass = 0; pass < 2; pass++) {
    const [step, next] = pass === 0 ? [1, 8] : [8, 1];
    for (let i = 0; i < 8; i++) {
      const from = i * next;
      for (let x = 0; x < 8; x++) {
        let sum = 0;
        for (let u = 0; u < 8; u++) sum += COSINE[8 * x + u] * block[from + u * step];
        line[x] = sum;
      }
      for (let x = 0; x < 8; x++) block[from + x * step] = line[x];
    }
  }
}

function writeBlock(
  block: Float64Array,
  out: Uint16Array,
  x0: number,
  y0: number,
  columns: number,
  rows: number,
  bits: number,
): void {
  const middle = 2 ** (bits - 1);
  const highest = 2 ** bits - 1;
  for (let y = 0; y < 8 && y0 + y < rows; y++) {
    for (let x = 0; x < 8 && x0 + x < columns; x++) {
      const value = Math.round(block[8 * y + x] + middle);
      out[(y0 + y) * columns + x0 + x] = value < 0 ? 0 : value > highest ? highest : value;
    }
  }
}

function zigzag(): Uint8Array {
  const order = new Uint8Array(64);
  for (let k = 0, x = 0, y = 0; k < 64; k++) {
    order[k] = 8 * y + x;
    const isUp = (x + y) % 2 === 0;
    if (isUp && x === 7) y++;
    else if (isUp && y === 0) x++;
    else if (!isUp && y === 7) x++;
    else if (!isUp && x === 0) y++;
    else {
      x += isUp ? 1 : -1;
      y += isUp ? -1 : 1;
    }
  }
  return order;
}

/**
 * Random numbers that are the same everywhere: a key in words gives one stream.
 *
 * Keys are hashed with 32-bit FNV-1a (Fowler, Noll, Vo; RFC 9923), spread by SplitMix32 and feed xoshiro128**
 * (Blackman & Vigna 2021, doi:10.1145/3460772). Only integer arithmetic and IEEE `log`, `sqrt`, `sin`, `cos`.
 * Layer:  core; imports nothing.
 */

/** A stream of random numbers. Each call moves it on. */
export interface RandomStream {
  /** Whole number, 0 … 2³² − 1. */
  uint32(): number;
  /** Uniform in (0, 1), never 0 or 1. */
  uniform(): number;
  /** Standard normal. Normals come in pairs from two uniforms (Box & Muller): cosine first, then sine. */
  normal(): number;
  /** Poisson count (Knuth's product). */
  poisson(mean: number): number;
}

/** The stream of a key, for example `42/0/latent` (seed, patient, purpose). */
export function randomStream(key: string): RandomStream {
  const state = splitMix(fnv1a(key));
  let spare: number | null = null;

  const uint32 = (): number => nextXoshiro(state);
  const uniform = (): number => (uint32() + 0.5) / 4294967296;
  const normal = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const poisson = (mean: number): number => {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = uniform(); product > limit; product *= uniform()) count++;
    return count;
  };
  return { uint32, uniform, normal, poisson };
}

/** Fisher and Yates' shuffle, in place. */
export function shuffle<Item>(
  items: { readonly length: number; [at: number]: Item },
  random: RandomStream,
): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
}

/** The first `count` places of a shuffle, in place: what is drawn without replacement. */
export function shuffleFirst<Item>(
  items: { readonly length: number; [at: number]: Item },
  count: number,
  random: RandomStream,
): void {
  for (let at = 0; at < count; at++) {
    const other = at + Math.floor(random.uniform() * (items.length - at));
    [items[at], items[other]] = [items[other], items[at]];
  }
}

/** 32-bit FNV-1a hash of the UTF-8 bytes of a text. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Four words of SplitMix32 from a seed: the state of xoshiro128**. */
function splitMix(seed: number): Uint32Array {
  const state = new Uint32Array(4);
  let x = seed;
  for (let i = 0; i < 4; i++) {
    x = (x + 0x9e3779b9) >>> 0;
    let z = x;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    state[i] = z ^ (z >>> 15);
  }
  return state;
}

function nextXoshiro(s: Uint32Array): number {
  const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
  const t = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotateLeft(s[3], 11);
  return result;
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** UTF-8 bytes of a text; `core` has no TextEncoder. */
function* utf8(text: string): Generator<number> {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) yield code;
    else if (code < 0x800) yield* [0xc0 | (code >> 6), 0x80 | (code & 63)];
    else if (code < 0x10000) yield* [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
    else {
      yield* [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
    }
  }
}

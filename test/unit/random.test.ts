/** The seeded streams equal the published test vector of the synthetic cohort's specification. */
import assert from "node:assert/strict";
import { fnv1a, randomStream } from "../../src/core/random.js";

describe("random streams", () => {
  it("hash the key 42/0/latent to 608296167", () => {
    assert.equal(fnv1a("42/0/latent"), 608296167);
  });

  it("give the first four words of 42/0/latent", () => {
    const stream = randomStream("42/0/latent");
    const words = [stream.uint32(), stream.uint32(), stream.uint32(), stream.uint32()];
    assert.deepEqual(words, [3046943728, 1805695053, 1476128214, 2971991753]);
  });

  it("give the first four normals of 42/0/latent to nine digits", () => {
    const stream = randomStream("42/0/latent");
    for (const expected of [-0.727178319, 0.397267554, -0.521154262, -1.365445327]) {
      assert.ok(Math.abs(stream.normal() - expected) < 5e-10);
    }
  });

  it("draw Poisson counts with the right mean and variance", () => {
    const stream = randomStream("7/0/poisson");
    const n = 20000;
    const counts = Array.from({ length: n }, () => stream.poisson(3.2));
    const mean = counts.reduce((a, b) => a + b, 0) / n;
    const variance = counts.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
    // Standard errors: sqrt(3.2 / n) = 0.0126 for the mean, about 0.034 for the variance; five of them are allowed.
    assert.ok(Math.abs(mean - 3.2) < 0.063, `mean ${mean}`);
    assert.ok(Math.abs(variance - 3.2) < 0.17, `variance ${variance}`);
  });

  it("hashes the UTF-8 bytes of a key, not its UTF-16 units", () => {
    const bytes = new TextEncoder().encode("ß€🫁");
    let hash = 0x811c9dc5;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    assert.equal(fnv1a("ß€🫁"), hash >>> 0);
  });
});

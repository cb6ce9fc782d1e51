/** Fetching a data set: checked, resumed, and refused from a real server on this machine. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fetchFiles } from "../../data-scripts/ibsi-ct/fetch.js";
import { FILES, type RemoteFile } from "../../data-scripts/ibsi-ct/manifest.js";
import { SILENT } from "../../data-scripts/progress.js";
import { freshFolder, put } from "../support/files.js";

const CONTENT: Readonly<Record<string, string>> = { "a.txt": "first", "deep/b.txt": "second" };
const LIST: readonly RemoteFile[] = Object.entries(CONTENT).map(([name, text]) => ({
  path: name,
  bytes: text.length,
  sha256: createHash("sha256").update(text).digest("hex"),
}));

describe("fetching a data set", () => {
  const folder = freshFolder();
  let server: Server;
  let base = "";
  let asked: string[] = [];
  let answers: Record<string, string | number> = {};

  beforeEach((done) => {
    asked = [];
    answers = Object.fromEntries(Object.entries(CONTENT).map(([name, text]) => [`/${name}`, text]));
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      const answer = answers[request.url ?? ""] ?? 404;
      if (typeof answer === "number") response.writeHead(answer).end();
      else response.end(answer);
    }).listen(0, "127.0.0.1", () => {
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  afterEach((done) => {
    server.closeAllConnections();
    server.close(() => done());
  });

  const run = (): Promise<void> => fetchFiles(base, folder(), LIST, SILENT);

  it("writes every file, in its folder", async () => {
    await run();
    assert.equal(readFileSync(path.join(folder(), "a.txt"), "utf8"), "first");
    assert.equal(readFileSync(path.join(folder(), "deep", "b.txt"), "utf8"), "second");
  });

  it("asks only for what is missing or damaged", async () => {
    put(folder(), "a.txt", "first");
    await run();
    assert.deepEqual(asked, ["/deep/b.txt"]);
    asked = [];
    mkdirSync(path.join(folder(), "deep"), { recursive: true });
    put(path.join(folder(), "deep"), "b.txt", "damaged");
    await run();
    assert.deepEqual(asked, ["/deep/b.txt"]);
  });

  it("keeps no file whose SHA-256 differs, shorter, changed or endless", async () => {
    for (const wrong of ["secon", "Second", "second and more".repeat(100_000)]) {
      answers["/deep/b.txt"] = wrong;
      await assert.rejects(run(), /deep\/b\.txt: the file there is not the one expected \(SHA-256 differs/);
      assert.ok(!existsSync(path.join(folder(), "deep", "b.txt")));
    }
  });

  it("names the address where there is no such file, and asks once", async () => {
    answers["/a.txt"] = 404;
    await assert.rejects(run(), /127\.0\.0\.1:\d+\/a\.txt answered 404/);
    assert.equal(asked.filter((url) => url === "/a.txt").length, 1);
  });

  it("asks again when the server fails, then says what to do", async () => {
    answers["/a.txt"] = 503;
    await assert.rejects(
      run(),
      /a\.txt could not be fetched \(answered 503\)\. Check the network and run the command again/,
    );
    assert.equal(asked.filter((url) => url === "/a.txt").length, 3);
  });

  it("of the IBSI CT phantom lists 60 slices, one structure set, its licence and its mask", () => {
    assert.equal(FILES.length, 64);
    assert.equal(FILES.filter(({ path: name }) => name.startsWith("dicom/image/")).length, 60);
    for (const name of ["dicom/mask/DCM_RS_00060.dcm", "LICENSE.md", "README.md", "nifti/mask/mask.nii.gz"]) {
      assert.ok(
        FILES.some((file) => file.path === name),
        name,
      );
    }
    assert.ok(FILES.every(({ sha256, bytes }) => /^[0-9a-f]{64}$/.test(sha256) && bytes > 0));
  });
});

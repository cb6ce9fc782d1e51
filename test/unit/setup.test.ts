/** The set-up script on machines that lack something: it must say what, and how to get it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

describe("set-up", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "radbook-setup-"));
    mkdirSync(path.join(folder, "bin"));
    symlinkSync(process.execPath, path.join(folder, "bin", "node"));
    for (const name of ["setup.mjs", "setup", "package.json", "package-lock.json", "requirements.lock"]) {
      cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
    }
    for (const workspace of ["src", "kernel-ext", "labextension"]) {
      mkdirSync(path.join(folder, workspace));
      cpSync(path.join(root, workspace, "package.json"), path.join(folder, workspace, "package.json"));
    }
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("says how to get Python where there is none", () => {
    const { status, stderr } = setup("install");
    assert.equal(status, 1);
    assert.match(stderr, /needs Python 3\.10 or newer.*none is on the path/s);
    assert.match(stderr, /apt install python3 python3-venv/);
  });

  it("names the version of a Python that is too old", () => {
    fake("python3", "echo 3.8 /usr/bin/python3");
    const { status, stderr } = setup("install");
    assert.equal(status, 1);
    assert.match(stderr, /python3 is 3\.8/);
  });

  it("turns a full disk into one plain sentence, and leaves no stamp behind", () => {
    fake("python3", `echo 3.12 ${folder}/bin/python3`);
    fake("npm", "echo 'npm error code ENOSPC'; exit 1");
    const { status, stderr } = setup("install");
    assert.equal(status, 1);
    assert.match(stderr, /The disk is full\. Make room\./);
    assert.equal(existsSync(path.join(folder, ".setup", "packages.stamp")), false);
  });

  it("goes on after a failed step when it is run again", () => {
    fake("python3", `echo 3.12 ${folder}/bin/python3`);
    fake("npm", "exit 1");
    assert.equal(setup("install").status, 1);
    fake("npm", "mkdir -p node_modules/typescript; echo ran >> npm.txt");
    assert.match(setup("install").stdout, /\[1\/6\] packages: done/);
    assert.match(setup("install").stdout, /\[1\/6\] packages: ready/);
  });

  it("refuses to run beside another set-up", () => {
    mkdirSync(path.join(folder, ".setup"));
    writeFileSync(path.join(folder, ".setup", "lock"), String(process.pid));
    const { status, stderr } = setup("install");
    assert.equal(status, 1);
    assert.match(stderr, /Another set-up is running here/);
  });

  it("names a notebook that does not exist", () => {
    const { status, stderr } = setup("notebook", "nowhere.ipynb");
    assert.equal(status, 1);
    assert.match(stderr, /There is no notebook .*nowhere\.ipynb/);
  });

  it("prints its commands when it is called without one", () => {
    assert.match(setup().stdout, /npm start/);
  });

  /** Runs the script on a machine whose path holds only node, what a test faked, and the shell's own tools. */
  function setup(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const tools = path.join(folder, "tools");
    mkdirSync(tools, { recursive: true });
    for (const tool of ["mkdir", "sh"]) {
      const link = path.join(tools, tool);
      if (!existsSync(link)) symlinkSync(`/bin/${tool}`, link);
    }
    const env = { PATH: `${folder}/bin:${tools}`, HOME: folder };
    return spawnSync(process.execPath, [path.join(folder, "setup.mjs"), ...args], {
      encoding: "utf8",
      env,
      cwd: folder,
    });
  }

  /** Puts a shell script on the path. */
  function fake(name: string, script: string): void {
    const file = path.join(folder, "bin", name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
});

describe("lanes of tests", () => {
  /** What two lanes of these scripts end with. */
  const lanes = (...scripts: readonly string[]): { status: number | null; stdout: string } => {
    const code =
      `import { runLanes } from ${JSON.stringify(path.join(root, "setup", "lanes.mjs"))};` +
      `process.exitCode = await runLanes(${JSON.stringify(scripts.map((script) => ["-e", script]))});`;
    return spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  };

  it("are shown one after the other and summed in the last line", () => {
    const { status, stdout } = lanes(
      "setTimeout(() => console.log('first\\n3 passed, 0 failed, 1 skipped'), 200)",
      "console.log('second\\n4 passed, 0 failed, 2 skipped')",
    );
    assert.equal(status, 0);
    assert.match(stdout, /first.*second.*\n7 passed, 0 failed, 3 skipped\n$/s);
  });

  it("fail by a failed test, by a lane that broke off, and by one that failed beside its tests", () => {
    const good = "console.log('4 passed, 0 failed, 2 skipped')";
    const bad = "console.log('3 passed, 2 failed, 0 skipped'); process.exitCode = 2";
    const beside = "console.log('3 passed, 0 failed, 0 skipped'); process.exitCode = 1";
    const ends = [bad, "process.exit(1)", "process.exit(0)", beside].map((script) => lanes(script, good));
    assert.deepEqual(
      ends.map(({ status, stdout }) => [status, stdout.trimEnd().split("\n").at(-1)]),
      [
        [1, "7 passed, 2 failed, 2 skipped"],
        [1, "4 passed, 1 failed, 2 skipped"],
        [1, "4 passed, 1 failed, 2 skipped"],
        [1, "7 passed, 1 failed, 2 skipped"],
      ],
    );
  });
});

/** Threads beside a function that must answer at once: the same results in order, whoever computed them and whatever fails. */
import assert from "node:assert/strict";
import { threadId } from "node:worker_threads";
import { runWithSideThreads, type SideTask, startSideThreads } from "../../src/workers/side-threads.js";
import { threadEntry } from "../../src/workers/thread-entry.js";
import type { Told } from "../support/told-thread.js";

type Answer = readonly [common: string, ms: number, thread: number];

const entry = threadEntry("../../test/support/told-thread");

/** Here a task takes 5 ms and never fails. */
function task(told: Told): SideTask<Answer> {
  return {
    message: () => told,
    here: () => {
      const end = performance.now() + 5;
      while (performance.now() < end);
      return ["common", told.ms, threadId];
    },
  };
}

function run(tasks: Iterable<SideTask<Answer>>, threads: number): Answer[] {
  const received = (answer: unknown): Answer => answer as Answer;
  return runWithSideThreads({ entry, common: () => "common", tasks, received }, threads);
}

const told = (does: Told["does"], count: number): SideTask<Answer>[] =>
  Array.from({ length: count }, (_, k) => task({ does, ms: 5 + k / count }));

const wanted = (count: number): (string | number)[][] =>
  Array.from({ length: count }, (_, k) => ["common", 5 + k / count]);

const values = (answers: readonly Answer[]): (string | number)[][] =>
  answers.map(([common, ms]) => [common, ms]);

describe("side threads", function () {
  this.timeout(60_000);

  it("do part of the work, and the results are in order", async () => {
    await startSideThreads(entry, 3);
    const answers = run(told("answer", 60), 3);
    assert.deepEqual(values(answers), wanted(60));
    const threads = new Set(answers.map(([, , thread]) => thread));
    assert.ok(threads.has(threadId), "this thread works too");
    assert.ok(threads.size >= 2, `${threads.size} threads`);
  });

  it("are not waited for when they have not begun", () => {
    assert.deepEqual(values(run(told("answer", 3), 8)), wanted(3));
    assert.deepEqual(values(run([], 8)), []);
  });

  it("may fail: the task is done here", async () => {
    await startSideThreads(entry, 2);
    assert.deepEqual(values(run(told("throw", 20), 2)), wanted(20));
  });

  it("may be lost in the middle of a task: it is done here, and the next work has new threads", async () => {
    await startSideThreads(entry, 2);
    assert.deepEqual(values(run(told("exit", 4), 2)), wanted(4));
    await startSideThreads(entry, 2);
    const answers = run(told("answer", 60), 2);
    assert.deepEqual(values(answers), wanted(60));
    assert.ok(answers.some(([, , thread]) => thread !== threadId));
  });

  it("leave the first error in order, be it of a task or of making one", async () => {
    await startSideThreads(entry, 2);
    const failing = (text: string): SideTask<Answer> => ({
      message: () => ({ does: "throw", ms: 1 }),
      here: () => {
        throw new Error(text);
      },
    });
    function* unmade(): Generator<SideTask<Answer>> {
      yield task({ does: "answer", ms: 5 });
      yield failing("second");
      throw new Error("third");
    }
    for (const threads of [1, 2]) {
      assert.throws(
        () => run([...told("answer", 6), failing("first"), failing("next")], threads),
        /^Error: first$/,
      );
      assert.throws(() => run(unmade(), threads), /^Error: second$/);
    }
  });
});

/**
 * Mocha's spec report, closed by the one line that continuous integration reads: `N passed, N failed, N skipped`.
 */
const { reporters, Runner } = require("mocha");

class PlainLineReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
    });
  }
}

module.exports = PlainLineReporter;

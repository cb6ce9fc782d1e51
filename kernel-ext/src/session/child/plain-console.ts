/**
 * The console of cells without the inspector's part in it.
 *
 * Layer:  session/child; imports nothing.
 */

/**
 * Node's console tells an inspector of each call, and the debugger's is always connected: it would keep the last
 * thousand calls with their values, and take twice the time. A console that a program makes tells nobody.
 */
export function usePlainConsole(): void {
  const plain = new console.Console({
    stdout: process.stdout,
    stderr: process.stderr,
    // Both would be looked after anew at each call, which takes longer than the call: our streams do not fail, and
    // notebooks hold plain text.
    colorMode: false,
    ignoreErrors: false,
  });
  for (const [name, method] of Object.entries(plain)) {
    if (typeof method === "function") Reflect.set(console, name, method);
  }
}

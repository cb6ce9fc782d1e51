"""Jupyter's public kernel test suite (jupyter_kernel_test), with samples in TypeScript.

Run by jupyter-kernel-test.test.ts, or by hand: python -m pytest test/kernel/kernel_test.py
"""

import unittest

import jupyter_kernel_test


class RadbookKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "radbook"
    language_name = "typescript"
    file_extension = ".ts"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The first cell waits for the compiler, on a busy machine longer than the suite's patience.
        cls.kc.execute_interactive("0", timeout=120)

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_page_something = "page('a long text')"
    code_generate_error = "throw new Error('on purpose')"
    code_inspect_sample = "console.log"
    code_clear_output = "clearOutput()"

    completion_samples = [
        {"text": "Math.atan", "matches": {"atan", "atan2", "atanh"}},
        {"text": "const wordy = 'a'; wordy.toLocaleU", "matches": {"toLocaleUpperCase"}},
        {"text": "%wh", "matches": {"%who"}},
    ]

    complete_code_samples = [
        "1 + 1",
        "const a: number = 1;",
        "function f(x: number): number {\n  return x;\n}",
        "for (let i = 0; i < 3; i++) {\n  console.log(i);\n}",
        "await Promise.resolve(1)",
        "`a template ${1 + 1}`",
        "// only a comment",
        "%time 1 + 1",
        "",
    ]
    incomplete_code_samples = [
        "function f(x: number) {",
        "const a = [1, 2,",
        "console.log(",
        "`a template",
        "/* a comment",
        "class A {\n  b = 1;",
        "const a =",
    ]
    invalid_code_samples = ["const = 1", "let 1a", "a b c", "'open string\n1", ")"]

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'text'", "result": "'text'"},
        {"code": "[1, 2, 3].map((x) => x * 2)", "result": "[ 2, 4, 6 ]"},
        {"code": "await Promise.resolve('later')", "result": "'later'"},
        {"code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>x</b>' }) })", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "display('shown')", "mime": "text/plain"},
        {"code": "display({ 'text/html': '<b>x</b>' }, { raw: true })", "mime": "text/html"},
        {"code": "%help", "mime": "text/html"},
    ]

    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ? 7*"


class RadbookWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "radbook"
    support_iopub_welcome = True


# The base classes are only there to be adapted.
del jupyter_kernel_test

if __name__ == "__main__":
    unittest.main()

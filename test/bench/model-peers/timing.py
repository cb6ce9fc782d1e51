"""What the Python peers share: inputs and timing. They take WORK FOLDER REPEATS THREADS and print JSON (see model-support.ts)."""
import json
import os
import re
import sys
import time

import numpy as np

work, folder, repeats, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


def read(name):
    return np.fromfile(os.path.join(folder, f"{name}.f64"))


def write(name, values):
    np.ascontiguousarray(values, dtype=float).tofile(os.path.join(folder, f"{name}.f64"))


def matrix(name, rows):
    """Rows × columns, stored column after column."""
    return read(name).reshape((rows, -1), order="F")


def status(key):
    with open("/proc/self/status") as file:
        return int(re.search(key + r":\s+(\d+)", file.read()).group(1)) / 1024


def measure(run, idle):
    seconds, cpu = [], []
    for _ in range(repeats):
        used = time.process_time()
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peakMb": status("VmHWM"), "idleMb": idle}))

"""hftbacktest's converter on a raw capture: messages per second, from the file to the saved array.

Usage: import_binance.py CAPTURE.gz RUNS; prints {"runs": [...], "version": ...} as one line.
"""

import contextlib
import gzip
import importlib.metadata
import json
import os
import sys
import tempfile
import time

from hftbacktest.data.utils import binancefutures


def main() -> None:
    capture, runs = sys.argv[1], int(sys.argv[2])
    with gzip.open(capture) as lines:
        messages = sum(1 for _ in lines)
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "array.npz")
        # The first run compiles the kernels and does not count.
        for run in range(runs + 1):
            begin = time.perf_counter()
            with contextlib.redirect_stdout(sys.stderr):
                binancefutures.convert(capture, out, buffer_size=5_000_000)
            if run > 0:
                figures.append(messages / (time.perf_counter() - begin))
    version = importlib.metadata.version("hftbacktest")
    print(json.dumps({"runs": figures, "version": version}))


main()

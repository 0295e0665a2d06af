"""databento's reader on a DBN file: records per second, from the file to an array of all fields.

Usage: dbn_parse.py FILE.dbn[.zst] RUNS; prints {"runs": [...], "version": ...} as one line.
"""

import importlib.metadata
import json
import sys
import time

import databento


def main() -> None:
    path, runs = sys.argv[1], int(sys.argv[2])
    figures = []
    for run in range(runs + 1):
        begin = time.perf_counter()
        records = len(databento.DBNStore.from_file(path).to_ndarray())
        if run > 0:
            figures.append(records / (time.perf_counter() - begin))
    version = importlib.metadata.version("databento")
    print(json.dumps({"runs": figures, "version": version}))


main()

"""pandas and pyarrow on Parquet files: rows per second, from files to columns.

Usage: store_decode.py pandas|pyarrow RUNS FILE.parquet...; prints {"runs": [...], "version": ...}.
"""

import importlib.metadata
import json
import sys
import time

import pandas
import pyarrow.parquet


def main() -> None:
    library, runs, paths = sys.argv[1], int(sys.argv[2]), sys.argv[3:]

    def read(path: str) -> int:
        if library == "pandas":
            return len(pandas.read_parquet(path))
        # One thread, as one of our partitions is read by one.
        return pyarrow.parquet.read_table(path, use_threads=False).num_rows

    figures = []
    for run in range(runs + 1):
        begin = time.perf_counter()
        rows = sum(read(path) for path in paths)
        if run > 0:
            figures.append(rows / (time.perf_counter() - begin))
    print(json.dumps({"runs": figures, "version": importlib.metadata.version(library)}))


main()

"""backtrader on the ticks job of `bench/backtest-ticks.ts`: ticks per second of a whole run.

Usage: backtest_ticks.py TICKS RUNS FILLS. TICKS holds a double for each value: times (days, as
backtrader counts them), prices, sizes, one column behind the other. Writes the fills of the last run
to FILLS as CSV and prints {"runs": [...], "version": ...} as one line; the first run does not count.
"""

import importlib.metadata
import json
import sys
import time
from array import array

import backtrader as bt

FAST, SLOW, SIZE, CASH, FEE = 10, 30, 1, 1_000_000.0, 0.0007


class Ticks(bt.feed.DataBase):
    """Ticks that are in memory, each a bar of one price."""

    params = (("columns", None), ("timeframe", bt.TimeFrame.Ticks))

    def start(self) -> None:
        super().start()
        self.row = 0

    def _load(self) -> bool:
        times, prices, sizes = self.p.columns
        row = self.row
        if row == len(times):
            return False
        lines, price = self.lines, prices[row]
        lines.datetime[0] = times[row]
        lines.open[0] = lines.high[0] = lines.low[0] = lines.close[0] = price
        lines.volume[0] = sizes[row]
        lines.openinterest[0] = 0.0
        self.row = row + 1
        return True


class SmaCross(bt.Strategy):
    """Long while the fast average is above the slow one."""

    def __init__(self) -> None:
        close = self.data.close
        fast, slow = bt.ind.SMA(close, period=FAST), bt.ind.SMA(close, period=SLOW)
        self.cross = bt.ind.CrossOver(fast, slow)
        self.fills = []

    def next(self) -> None:
        if not self.position.size:
            if self.cross[0] > 0:
                self.buy(size=SIZE)
        elif self.cross[0] < 0:
            self.close()

    def notify_order(self, order: bt.Order) -> None:
        if order.status == order.Completed:
            done = order.executed
            self.fills.append((len(self.data) - 1, done.size, done.price, done.comm))


def main() -> None:
    path, runs, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    values = array("d")
    with open(path, "rb") as file:
        values.frombytes(file.read())
    count = len(values) // 3
    columns = [list(values[i * count : (i + 1) * count]) for i in range(3)]
    figures = []
    for run in range(runs + 1):
        # Without its observers, which draw: backtrader at its fastest.
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(Ticks(columns=columns))
        cerebro.addstrategy(SmaCross)
        cerebro.broker.setcash(CASH)
        cerebro.broker.setcommission(commission=FEE)
        begin = time.perf_counter()
        (strategy,) = cerebro.run()
        if run > 0:
            figures.append(count / (time.perf_counter() - begin))
    with open(out, "w") as file:
        file.write("tick,size,price,fee\n")
        for fill in strategy.fills:
            file.write(",".join(repr(value) for value in fill) + "\n")
    print(json.dumps({"runs": figures, "version": importlib.metadata.version("backtrader")}))


main()

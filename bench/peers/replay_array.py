"""hftbacktest's own check of an array and the book at its end.

Usage: replay_array.py l2|l3 FILE.npz TICK LOT; prints one line of JSON. Ends with an exception when
`validate_event_order` or the replay refuses the array.
"""

import json
import sys

import numpy as np
from hftbacktest import BUY_EVENT, BacktestAsset, HashMapMarketDepthBacktest
from hftbacktest.data.validation import validate_event_order

END_OF_DATA = 1


def main() -> None:
    kind, path, tick, lot = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    data = np.load(path)["data"]
    validate_event_order(data)
    asset = (
        BacktestAsset()
        .data([path])
        .linear_asset(1.0)
        .constant_order_latency(0, 0)
        .no_partial_fill_exchange()
        .trading_value_fee_model(0, 0)
        .tick_size(tick)
        .lot_size(lot)
    )
    asset = asset.l3_fifo_queue_model() if kind == "l3" else asset.risk_adverse_queue_model()
    backtest = HashMapMarketDepthBacktest([asset])
    ended = backtest._goto_end()
    if ended != END_OF_DATA:
        raise RuntimeError(f"the replay ended with code {ended}")
    depth = backtest.depth(0)
    levels = depth.snapshot()
    bids = int(((levels["ev"] & BUY_EVENT) != 0).sum())
    print(
        json.dumps(
            {
                "rows": len(data),
                "bestBid": [round(depth.best_bid / tick), round(depth.best_bid_qty / lot)],
                "bestAsk": [round(depth.best_ask / tick), round(depth.best_ask_qty / lot)],
                "bidLevels": bids,
                "askLevels": len(levels) - bids,
            }
        )
    )


main()

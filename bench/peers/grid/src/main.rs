//! The grid job of `bench/backtest-grid.ts` on hftbacktest's Rust core: the same events, rule,
//! latency, queue model and fees.
//!
//! Usage: grid EVENTS roi|hash RUNS OUTCOMES. EVENTS holds rows of hftbacktest's 64-byte events.
//! Writes what became of each order to OUTCOMES as CSV, prints {"runs": [...]} in events per second
//! of the loop alone; the first run does not count.
use hftbacktest::backtest::assettype::LinearAsset;
use hftbacktest::backtest::data::{Data, DataSource};
use hftbacktest::backtest::models::{
    CommonFees, ConstantLatency, PowerProbQueueFunc, ProbQueueModel, TradingValueFeeModel,
};
use hftbacktest::backtest::{Backtest, ExchangeKind, L2AssetBuilder};
use hftbacktest::prelude::*;
use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

const TICK: f64 = 0.1;
const LOT: f64 = 0.001;
const LEVELS: i64 = 10;
const STEP_NS: i64 = 100_000_000;
const LATENCY_NS: i64 = 1_000_000;
const SIZE: f64 = 0.1;
const MAX_POSITION: f64 = 20.0;

fn read_events(path: &str) -> Vec<Event> {
    let bytes = std::fs::read(path).expect("the file of events can be read");
    assert_eq!(bytes.len() % size_of::<Event>(), 0, "rows of 64 bytes");
    let count = bytes.len() / size_of::<Event>();
    let mut events: Vec<Event> = Vec::with_capacity(count);
    // SAFETY: an event is plain old data of 64 bytes, and the vector has room for `count` of them.
    unsafe {
        std::ptr::copy_nonoverlapping(
            bytes.as_ptr(),
            events.as_mut_ptr() as *mut u8,
            bytes.len(),
        );
        events.set_len(count);
    }
    events
}

/// What became of an order, as the grid learnt it.
struct Outcome {
    sent: i64,
    side: Side,
    tick: i64,
    status: Status,
    exch: i64,
}

/// Slots of one side's orders by even tick; more than the levels, a power of two.
const SLOTS: usize = 16;

/// Our working orders of one side, by price: tick and id.
type SideOrders = [Option<(i64, u64)>; SLOTS];

struct Grid {
    next_id: u64,
    bids: SideOrders,
    asks: SideOrders,
    open: BTreeMap<u64, (i64, Side, i64)>,
    outcomes: Vec<Outcome>,
    keeps_outcomes: bool,
}

impl Grid {
    fn new(keeps_outcomes: bool) -> Self {
        Grid {
            next_id: 1,
            bids: [None; SLOTS],
            asks: [None; SLOTS],
            open: BTreeMap::new(),
            outcomes: Vec::new(),
            keeps_outcomes,
        }
    }

    fn step<MD: MarketDepth>(&mut self, hbt: &mut Backtest<MD>) {
        if self.keeps_outcomes {
            self.note(hbt);
        }
        let bid = hbt.depth(0).best_bid_tick();
        let ask = hbt.depth(0).best_ask_tick();
        let position = hbt.position(0);
        self.quote(hbt, Side::Buy, bid, position < MAX_POSITION);
        self.quote(hbt, Side::Sell, ask, position > -MAX_POSITION);
        hbt.clear_inactive_orders(Some(0));
    }

    fn note<MD: MarketDepth>(&mut self, hbt: &mut Backtest<MD>) {
        for order in hbt.orders(0).values() {
            let is_done = order.status != Status::New && order.status != Status::None;
            if !is_done || order.req != Status::None {
                continue;
            }
            if let Some((sent, side, tick)) = self.open.remove(&order.order_id) {
                let exch = order.exch_timestamp;
                let status = order.status;
                self.outcomes.push(Outcome { sent, side, tick, status, exch });
            }
        }
    }

    fn quote<MD: MarketDepth>(
        &mut self,
        hbt: &mut Backtest<MD>,
        side: Side,
        touch: i64,
        may_add: bool,
    ) {
        let sign: i64 = if side == Side::Buy { 1 } else { -1 };
        let first = if side == Side::Buy { touch & !1 } else { (touch + 1) & !1 };
        let last = first - sign * 2 * (LEVELS - 1);
        let working = if side == Side::Buy { &mut self.bids } else { &mut self.asks };
        for slot in working.iter_mut() {
            let Some((tick, id)) = *slot else { continue };
            let is_open = hbt.orders(0).get(&id).is_some_and(|order| order.active());
            let is_wanted = may_add && sign * (first - tick) >= 0 && sign * (tick - last) >= 0;
            if is_wanted && is_open {
                continue;
            }
            if is_open {
                hbt.cancel(0, id, false).expect("a working order can be cancelled");
            }
            *slot = None;
        }
        if !may_add {
            return;
        }
        for level in 0..LEVELS {
            let tick = first - sign * 2 * level;
            let slot = ((tick >> 1) as usize) & (SLOTS - 1);
            if working[slot].is_some() {
                continue;
            }
            let id = self.next_id;
            self.next_id += 1;
            let price = tick as f64 * TICK;
            let gtx = TimeInForce::GTX;
            if side == Side::Buy {
                hbt.submit_buy_order(0, id, price, SIZE, gtx, OrdType::Limit, false)
            } else {
                hbt.submit_sell_order(0, id, price, SIZE, gtx, OrdType::Limit, false)
            }
            .expect("an order can be sent");
            working[slot] = Some((tick, id));
            if self.keeps_outcomes {
                self.open.insert(id, (hbt.current_timestamp(), side, tick));
            }
        }
    }
}

fn run<MD, Make>(events: &[Event], make: Make, keeps_outcomes: bool) -> (f64, Grid, StateValues)
where
    MD: MarketDepth + L2MarketDepth + 'static,
    Make: Fn() -> MD + 'static,
{
    let mut hbt = Backtest::builder()
        .add_asset(
            L2AssetBuilder::new()
                .data(vec![DataSource::Data(Data::from_data(events))])
                .latency_model(ConstantLatency::new(LATENCY_NS, LATENCY_NS))
                .asset_type(LinearAsset::new(1.0))
                .fee_model(TradingValueFeeModel::new(CommonFees::new(-0.00005, 0.0007)))
                .exchange(ExchangeKind::NoPartialFillExchange)
                .queue_model(ProbQueueModel::<PowerProbQueueFunc, MD>::new(
                    PowerProbQueueFunc::new(3.0),
                ))
                .depth(make)
                .build()
                .expect("the asset is complete"),
        )
        .build()
        .expect("the backtest is complete");
    let mut grid = Grid::new(keeps_outcomes);
    let begin = Instant::now();
    while hbt.elapse(STEP_NS).expect("time goes on") == ElapseResult::Ok {
        grid.step(&mut hbt);
    }
    let seconds = begin.elapsed().as_secs_f64();
    if keeps_outcomes {
        grid.note(&mut hbt);
    }
    let state = hbt.state_values(0).clone();
    (events.len() as f64 / seconds, grid, state)
}

fn write_outcomes(path: &str, grid: &Grid) {
    let mut out = String::from("sent_ns,side,tick,status,exch_ns\n");
    for Outcome { sent, side, tick, status, exch } in &grid.outcomes {
        let side = if *side == Side::Buy { 1 } else { -1 };
        let status = format!("{status:?}").to_lowercase();
        out.push_str(&format!("{sent},{side},{tick},{status},{exch}\n"));
    }
    let mut file = std::fs::File::create(path).expect("the outcomes can be written");
    file.write_all(out.as_bytes()).expect("the outcomes can be written");
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, path, depth, runs, outcomes] = args.as_slice() else {
        panic!("usage: grid EVENTS roi|hash RUNS OUTCOMES");
    };
    let events = read_events(path);
    let runs: usize = runs.parse().expect("RUNS is a number");
    let is_level = |event: &&Event| event.ev & 0xff == DEPTH_EVENT;
    let low = events.iter().filter(is_level).map(|e| e.px).fold(f64::MAX, f64::min);
    let high = events.iter().filter(is_level).map(|e| e.px).fold(f64::MIN, f64::max);
    let once = |keeps: bool| match depth.as_str() {
        "roi" => run(
            &events,
            move || ROIVectorMarketDepth::new(TICK, LOT, low - 100.0 * TICK, high + 100.0 * TICK),
            keeps,
        ),
        "hash" => run(&events, || HashMapMarketDepth::new(TICK, LOT), keeps),
        other => panic!("depth is roi or hash, was {other}"),
    };
    let (_, grid, state) = once(true);
    write_outcomes(outcomes, &grid);
    let figures: Vec<String> = (0..runs).map(|_| format!("{:.0}", once(false).0)).collect();
    println!(
        "{{\"runs\": [{}], \"version\": \"0.9.4\", \"position\": {}, \"trades\": {}}}",
        figures.join(", "),
        state.position,
        state.num_trades
    );
}

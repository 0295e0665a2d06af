/**
 * Strategies over the order books of several instruments, on one clock.
 *
 * Total order at equal time: exchange event, request arriving at an exchange, feed event reaching
 * us, answer reaching us, timer, sample. What is equal in that too is ordered by `venue:symbol`,
 * then by strategy (name, parameters, place in the run). Nothing depends on the order in which data
 * or differing strategies were added.
 *
 * Work that nobody can observe is not done: a local book is brought forward only when somebody
 * looks, an exchange only when an order of ours may meet a row there or arrives.
 */
import { OrderBookManager } from '../book/index.ts'
import { Prng, assert } from '../core/index.ts'
import type { Instrument } from '../market/index.ts'
import { RateGate, type LiquidationRecord } from '../venue/index.ts'
import { AgentHost } from './agent-host.ts'
import { Agent } from './agent.ts'
import type { BookRunOptions, RunStrategy } from './book-run-options.ts'
import type { Data } from './data.ts'
import { Exchanges } from './exchanges.ts'
import type { FeedWaker } from './feed-waker.ts'
import { LaneAccount } from './lane-account.ts'
import { MarketLane, memoryOfLanes } from './market-lane.ts'
import { NextTimes } from './next-times.ts'
import { OrderDesk } from './order-desk.ts'
import type { ProgressMeter } from './progress.ts'
import { RunClearing } from './run-clearing.ts'
import { constructStrategy } from './strategy.ts'

const NEVER = Number.POSITIVE_INFINITY

/** Stages of what has a time, but for events at the exchanges. */
const REQUESTS = 0
const WINDOWS = 1
const FEEDS = 2
const RESPONSES = 3
const TIMERS = 4
const SAMPLES = 5

/** @see module comment */
export class BookRun {
  readonly agents: readonly Agent[]
  readonly #options: BookRunOptions
  readonly #clock = { now: 0 }
  readonly #books = new OrderBookManager()
  readonly #lanes: readonly MarketLane[]
  readonly #datas: readonly Data[]
  readonly #exchanges: Exchanges
  readonly #clearing: RunClearing | undefined
  /** When something next happens at each stage. */
  readonly #earliest = new Float64Array(6)
  /** By slot, which is `lane * agents + rank`: what happens there, and whose it is. */
  readonly #desks: OrderDesk[] = []
  readonly #owners: Agent[] = []
  readonly #deskLanes: MarketLane[] = []
  readonly #wakers: (FeedWaker | undefined)[] = []
  readonly #requests: NextTimes
  readonly #responses: NextTimes
  readonly #feeds: NextTimes
  /** By lane. */
  readonly #windows: NextTimes
  /** By agent. */
  readonly #timers: NextTimes
  readonly #samples: NextTimes
  #runningCount = 0
  /** True while nobody acts on an answer: they are taken in before somebody acts on anything else. */
  #answersWait = false
  /** When somebody next looks, where answers wait; they may be taken in before. */
  readonly #unseenUntil = new Float64Array(1).fill(Number.NEGATIVE_INFINITY)

  constructor(options: BookRunOptions) {
    const { lanes, strategies } = options
    this.#options = options
    const desks = lanes.length * strategies.length
    const earliest = this.#earliest
    this.#requests = new NextTimes(desks, earliest, REQUESTS)
    this.#windows = new NextTimes(lanes.length, earliest, WINDOWS)
    this.#feeds = new NextTimes(desks, earliest, FEEDS)
    this.#responses = new NextTimes(desks, earliest, RESPONSES)
    this.#timers = new NextTimes(strategies.length, earliest, TIMERS)
    this.#samples = new NextTimes(strategies.length, earliest, SAMPLES)
    this.#runningCount = strategies.length
    const { account, epochNs } = options
    this.#clearing = RunClearing.of(account, lanes, { accounts: strategies.length, epochNs })
    const shared = { books: this.#books, clock: this.#clock }
    const memories = memoryOfLanes(lanes)
    this.#lanes = lanes.map(
      (lane, i) => new MarketLane(i, lane, { ...shared, memory: memories[i] }),
    )
    this.#datas = this.#lanes.map(({ data }) => data).toSorted((a, b) => a.index - b.index)
    this.agents = strategies.map((strategy, rank) => this.#makeAgent(strategy, rank))
    const clearing = this.#clearing
    for (const lane of this.#lanes) {
      const laneDesks = this.agents.map(({ accounts }) => accounts[lane.index]!.desk)
      lane.open(laneDesks, (setup) => clearing?.setup(lane.index, setup) ?? setup)
      this.#desks.push(...laneDesks)
      this.#owners.push(...this.agents)
      this.#deskLanes.push(...laneDesks.map(() => lane))
    }
    clearing?.open(this.#lanes, this.agents)
    this.#exchanges = new Exchanges(
      this.#lanes.map(({ exchange }) => exchange),
      clearing && ((side) => clearing.house.act(side)),
    )
  }

  /** Rows of all tapes that have reached us. */
  get rowsSeen(): number {
    return this.#lanes.reduce((sum, { local }) => sum + local.rowsSeen, 0)
  }

  /** Positions that the venue closed, of all strategies. */
  get liquidations(): readonly LiquidationRecord[] {
    return this.#clearing?.house.liquidations ?? []
  }

  /** Instruments in order of lanes. */
  get instruments(): readonly Instrument[] {
    return this.#lanes.map(({ instrument }) => instrument)
  }

  /** Runs the strategies to the end of the tapes. */
  run(progress: ProgressMeter): void {
    const { fromTime, toTime, strategies, epochNs, seed } = this.#options
    const clock = this.#clock
    clock.now = fromTime
    const run = { clock, epochNs, books: this.#books, datas: this.#datas }
    for (const [rank, agent] of this.agents.entries()) {
      const { entry, randomStream } = strategies[rank]!
      const host = new AgentHost(run, agent, new Prng(seed, randomStream))
      const given = { host, parameters: entry.parameters }
      agent.adopt(constructStrategy(entry.strategyClass, given), this.#datas)
    }
    if (this.agents.every(({ hooks }) => !hooks.reacts)) {
      this.#answersWait = this.#exchanges.runAhead()
    }
    for (const lane of this.#lanes) this.#startLane(lane)
    for (const agent of this.agents) {
      agent.start(fromTime, this.#books, (lane) => this.#slot(lane.index, agent.rank))
      for (const [lane, waker] of agent.wakers.entries()) {
        this.#wakers[this.#slot(lane, agent.rank)] = waker
      }
    }
    this.#loop(toTime, progress)
    this.#end(toTime)
    progress.finish(this.rowsSeen, clock.now)
    for (const lane of this.#lanes) lane.close()
  }

  #makeAgent({ entry, latencies }: RunStrategy, rank: number): Agent {
    const run = this.#options
    const wakeTimes = { feeds: this.#feeds, timers: this.#timers, samples: this.#samples }
    const exchangeOrders = this.#lanes.map(({ orders }) => orders)
    const agent = new Agent({ entry, rank, run, exchangeOrders, wakeTimes })
    const accounts = this.#lanes.map((lane) => {
      const desk = new OrderDesk({
        instrument: lane.instrument,
        lane: lane.index,
        owner: agent,
        exchangeOrders: lane.orders,
        nextRequests: this.#requests,
        nextResponses: this.#responses,
        slot: this.#slot(lane.index, rank),
        unseenUntil: this.#unseenUntil,
        holding: agent.hold(lane),
        epochNs: run.epochNs,
        house: this.#clearing?.house,
        endTime: run.lanes.length === 1 ? NEVER : lane.tape.lastTime,
        latency: latencies[lane.index]!,
        fees: lane.fees,
        queuesInHalts: lane.rules?.halts === 'queue',
        gate: lane.rateLimits.length === 0 ? undefined : new RateGate(lane.rateLimits),
        book: () => lane.local.look(),
        touch: () => lane.exchange.model.ladder,
      })
      return new LaneAccount(lane, desk, run.sampleNs)
    })
    agent.open(accounts)
    return agent
  }

  #slot(lane: number, rank: number): number {
    return lane * this.#options.strategies.length + rank
  }

  #startLane(lane: MarketLane): void {
    const { index, local } = lane
    local.look()
    local.onWindow = () => {
      this.#windows.set(index, local.windowEnd)
      for (const agent of this.agents) agent.wakers[index]?.enterWindow()
    }
    this.#windows.set(index, local.windowEnd)
  }

  #loop(toTime: number, progress: ProgressMeter): void {
    const exchanges = this.#exchanges
    const earliest = this.#earliest
    const { isWatched } = progress
    const lanes = this.#lanes
    let steps = 0
    while (this.#runningCount > 0) {
      this.#wakeByRows(toTime)
      if (this.#runningCount === 0) break
      const request = earliest[REQUESTS]!
      const window = earliest[WINDOWS]!
      if (this.#answersWait) {
        const looks = Math.min(earliest[FEEDS]!, earliest[TIMERS]!, earliest[SAMPLES]!)
        this.#unseenUntil[0] = Math.min(looks, toTime)
      }
      const time = Math.min(
        request,
        window,
        earliest[FEEDS]!,
        this.#answersWait ? NEVER : earliest[RESPONSES]!,
        earliest[TIMERS]!,
        earliest[SAMPLES]!,
      )
      if (time <= toTime && time === Math.min(earliest[TIMERS]!, earliest[SAMPLES]!)) {
        for (let lane = 0; lane < lanes.length; lane++) lanes[lane]!.local.expect(time)
      }
      // Where answers wait, no other exchange need have come as far as a request; at the end of a window
      // all have to, or they would hold blocks that are long past until a strategy is woken.
      const isSent = this.#answersWait && time <= toTime && request === time
      // A fill may be answered before the next thing that we know of.
      if (!isSent && exchanges.advance(Math.min(time, toTime)) && !this.#answersWait) {
        assert(this.#responses.min >= this.#clock.now, 'no exchange acts in the past')
        continue
      }
      if (time > toTime) break
      if (request === time) this.#deliver(time)
      else if (window === time) this.#nextWindow(time)
      else {
        this.#clock.now = time
        this.#wake(time)
        if (isWatched && (++steps & 63) === 0) progress.update(this.rowsSeen, time)
      }
    }
    if (this.#answersWait && this.#runningCount > 0) this.#receiveBefore(toTime + 1)
  }

  /** Hands the requests that arrive at `time` to their exchanges. */
  #deliver(time: number): void {
    const requests = this.#requests
    while (requests.min <= time) {
      const slot = requests.first
      const lane = this.#deskLanes[slot]!
      this.#bring(lane, time)
      this.#desks[slot]!.deliver(lane.exchange.model, time)
      if (this.#clearing === undefined) this.#exchanges.note(lane.index)
      else {
        this.#clearing.house.act(lane.index, time)
        this.#exchanges.noteAll()
      }
    }
  }

  /** Brings an exchange forward to `time`; where answers do not wait, nothing fills on the way. */
  #bring(lane: MarketLane, time: number): void {
    if (this.#clearing !== undefined) this.#clearing.house.bring(lane.index, time)
    else while (lane.exchange.model.advance(time));
  }

  /** Goes on to the next window of the first lane whose present one is over. */
  #nextWindow(time: number): void {
    const lane = this.#lanes[this.#windows.first]!
    lane.local.nextWindow()
    // An exchange that waits for a request would hold blocks that are long past.
    if (lane.exchange.model.restingCount === 0) this.#bring(lane, time)
  }

  /** Wakes by rows of feeds alone, while nothing else is due and nothing of ours rests anywhere. */
  #wakeByRows(toTime: number): void {
    const earliest = this.#earliest
    // Where only one feed wakes anybody, it need not be looked for at each of its rows.
    const only = this.#wakers.length === 1 ? 0 : undefined
    let time = earliest[FEEDS]!
    while (
      time <= toTime &&
      time < earliest[REQUESTS]! &&
      time < earliest[WINDOWS]! &&
      time < earliest[RESPONSES]! &&
      time < earliest[TIMERS]! &&
      time < earliest[SAMPLES]! &&
      this.#exchanges.isIdle
    ) {
      this.#clock.now = time
      if (only === undefined) this.#wakeFeeds(time)
      else this.#wakeByFeed(only, time)
      if (this.#hasStopped()) {
        this.#dropStopped(time)
        if (this.#runningCount === 0) return
      }
      time = earliest[FEEDS]!
    }
  }

  #wakeFeeds(time: number): void {
    const feeds = this.#feeds
    while (feeds.min <= time) this.#wakeByFeed(feeds.first, time)
  }

  #wakeByFeed(slot: number, time: number): void {
    this.#wakers[slot]!.wake(time)
    const agent = this.#owners[slot]!
    if (agent.refused.length > 0 && agent.hooks.isLive) agent.tellRefused()
  }

  #hasStopped(): boolean {
    const { agents } = this
    for (let rank = 0; rank < agents.length; rank++) if (agents[rank]!.hasStopped) return true
    return false
  }

  #dropStopped(time: number): void {
    const { agents } = this
    for (let rank = 0; rank < agents.length; rank++) {
      const agent = agents[rank]!
      if (agent.hasStopped && !agent.isLeaving) this.#stop(agent, time)
    }
  }

  /** All that happens on our side at `time`. */
  #wake(time: number): void {
    const { agents } = this
    if (this.#answersWait) this.#receiveBefore(time)
    this.#wakeFeeds(time)
    const responses = this.#responses
    while (responses.min <= time) {
      const agent = this.#receive(time)
      if (agent.isLeaving && !agent.awaitsAnswers) agent.finish(time)
    }
    while (this.#timers.min <= time) agents[this.#timers.first]!.fireTimers(time)
    while (this.#samples.min <= time) agents[this.#samples.first]!.sample(time)
    this.#dropStopped(time)
  }

  /**
   * Takes in the answers that came before `time`, each at its own, desk by desk: none of them moves what
   * desks share, since funding is paid only where an account is cleared.
   */
  #receiveBefore(time: number): void {
    const responses = this.#responses
    while (responses.min < time) this.#desks[responses.first]!.receiveBefore(time)
    for (const agent of this.agents) agent.tellRefused()
  }

  /** Lets the first desk that has answers hear them; returns whose it is. */
  #receive(time: number): Agent {
    const slot = this.#responses.first
    this.#desks[slot]!.receive(time)
    const agent = this.#owners[slot]!
    agent.tellRefused()
    return agent
  }

  /** Takes a strategy that has had enough out of the run; the others go on. */
  #stop(agent: Agent, time: number): void {
    this.#runningCount--
    if (this.#runningCount === 0) return
    // When the last answer to it comes, it is finished.
    this.#answersWait = false
    this.#unseenUntil[0] = Number.NEGATIVE_INFINITY
    agent.leave(time, 'the strategy has ended its run')
    for (const { lane, desk } of agent.accounts) {
      this.#bring(lane, time)
      desk.leave(lane.exchange.model, time)
      this.#exchanges.note(lane.index)
    }
    this.#clearing?.house.leave(agent.rank)
    if (!agent.awaitsAnswers) agent.finish(time)
  }

  /** Hears the answers still on their way, takes the last samples and stops the strategies. */
  #end(toTime: number): void {
    const clock = this.#clock
    if (this.#runningCount > 0) clock.now = Math.max(clock.now, toTime)
    for (const { local, exchange } of this.#lanes) local.finish(exchange.model.core.row)
    const left = this.agents.filter(({ isDone }) => !isDone)
    for (const agent of left) if (!agent.isLeaving) agent.leave(clock.now, 'the run has ended')
    for (const agent of left) if (!agent.awaitsAnswers) agent.finish(clock.now)
    const responses = this.#responses
    while (responses.min !== NEVER) {
      clock.now = Math.max(clock.now, responses.min)
      const agent = this.#receive(clock.now)
      if (!agent.awaitsAnswers) agent.finish(clock.now)
    }
  }
}

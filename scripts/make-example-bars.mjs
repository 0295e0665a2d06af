/**
 * Prints the daily bars of the examples: synthetic, seeded, the same on every machine.
 * `node scripts/make-example-bars.mjs > examples/data/daily-bars.csv`
 *
 * A price walks in cents with a drift that turns every few weeks, so that moving averages cross.
 */
const ROWS = 504
const FIRST_DAY = Date.UTC(2022, 0, 3)
const DAY_MS = 86_400_000
const STEPS_PER_DAY = 26

let state = 20_220_103

/** Uniform in [0, 1): the minimal standard generator (Park & Miller 1988), exact in a double. */
function uniform() {
  state = (state * 48_271) % 2_147_483_647
  return state / 2_147_483_647
}

/** About normal with variance 1: a sum of uniforms needs no function that machines round apart. */
function normal() {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += uniform()
  return sum
}

/** The next day, or the Monday after a Friday. */
function nextWeekday(time) {
  const next = time + DAY_MS
  return new Date(next).getUTCDay() === 6 ? next + 2 * DAY_MS : next
}

const cents = (price) => (price / 100).toFixed(2)

let price = 10_000
let drift = 0
let daysOfDrift = 0
let time = FIRST_DAY
const lines = ['Date,Open,High,Low,Close,Volume,OpenInterest']

for (let row = 0; row < ROWS; row++) {
  if (daysOfDrift-- === 0) {
    drift = normal() * 0.8
    daysOfDrift = 10 + Math.floor(uniform() * 40)
  }
  price = Math.max(100, price + Math.round(normal() * 40))
  const open = price
  let high = open
  let low = open
  for (let step = 0; step < STEPS_PER_DAY; step++) {
    price = Math.max(100, price + Math.round(drift + normal() * 22))
    high = Math.max(high, price)
    low = Math.min(low, price)
  }
  const volume = Math.round(400_000 + uniform() * 300_000 + (high - low) * 900)
  const date = new Date(time).toISOString().slice(0, 10)
  lines.push([date, cents(open), cents(high), cents(low), cents(price), volume, 0].join(','))
  time = nextWeekday(time)
}

process.stdout.write(`${lines.join('\n')}\n`)

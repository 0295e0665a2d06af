import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalText } from '../core/index.ts'
import { Instrument, type InstrumentSpec } from './instrument.ts'

const spec = (changes: Partial<InstrumentSpec> = {}): InstrumentSpec => ({
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  kind: 'linear-perpetual',
  base: 'BTC',
  quote: 'USDT',
  tickSize: '0.01',
  lotSize: '0.001',
  ...changes,
})

describe('the price grid', () => {
  it('gives every tick the double nearest to its decimal, and takes it back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('0.01', '0.1', '0.25', '0.5', '1', '5', '0.00001', '0.0025'),
        fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }),
        (tickSize, ticks) => {
          const instrument = new Instrument(spec({ tickSize }))
          const price = instrument.price(ticks)
          expect(instrument.ticksOf(price)).toBe(ticks)
          expect(instrument.ticksOf(decimalText(price))).toBe(ticks)
          const exact = (BigInt(ticks) * BigInt(tickSize.replace('.', ''))).toString()
          const scale = tickSize.includes('.') ? tickSize.length - 2 : 0
          expect(price).toBe(Number(`${exact}e-${scale}`))
        },
      ),
    )
  })

  it('names the two nearest prices of one that lies between', () => {
    expect(() => new Instrument(spec()).ticksOf(65000.013)).toThrow(
      'OFF_GRID: price 65000.013 of BTCUSDT is not a multiple of 0.01; nearest 65000.01 and 65000.02',
    )
  })

  it('forgives float noise of a number, never of a text', () => {
    const instrument = new Instrument(spec({ tickSize: '0.1' }))
    expect(instrument.ticksOf(0.1 + 0.2)).toBe(3)
    expect(() => instrument.ticksOf('0.30000000000000004')).toThrow(/OFF_GRID|BAD_DECIMAL/)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '1e5', '', ' 1', '0x10', '1.2.3', '+1'])(
    'refuses %j',
    (price) => {
      expect(() => new Instrument(spec()).ticksOf(price)).toThrow(/NOT_FINITE|BAD_DECIMAL/)
    },
  )

  it('refuses a price beyond 2^31 ticks instead of wrapping it', () => {
    expect(() => new Instrument(spec({ tickSize: '0.00001' })).ticksOf(120000)).toThrow(
      /OUT_OF_RANGE/,
    )
  })

  it('rounds to the order grid, not to the finer data grid', () => {
    const instrument = new Instrument(spec({ tickSize: '0.01', dataTickSize: '0.0001' }))
    expect(instrument.orderTickStep).toBe(100)
    expect(instrument.price(instrument.roundToTicks(10.0149, 'down'))).toBe(10.01)
    expect(instrument.price(instrument.roundToTicks(10.0101, 'up'))).toBe(10.02)
    expect(instrument.price(instrument.roundToTicks(10.02, 'down'))).toBe(10.02)
  })
})

describe('an instrument', () => {
  it.each([
    [{ tickSize: '0' }, 'tickSize'],
    [{ tickSize: '1e-2' }, 'tickSize'],
    [{ lotSize: '-1' }, 'lotSize'],
    [{ symbol: '../x' }, 'symbol'],
    [{ kind: 'option' as 'spot' }, 'kind'],
    [{ tickSize: '0.01', dataTickSize: '0.003' }, 'dataTickSize'],
    [{ lotSize: '0.001', dataLotSize: '0.0003' }, 'dataLotSize'],
  ])('refuses %j by naming the field', (changes, field) => {
    expect(() => new Instrument(spec(changes))).toThrow(new RegExp(`BAD_INSTRUMENT.*${field}`))
  })

  it('counts value in quote for linear and in base for inverse contracts', () => {
    expect(new Instrument(spec()).notional(2, 100)).toBe(200)
    const inverse = new Instrument(spec({ kind: 'inverse-perpetual', multiplier: '100' }))
    expect(inverse.notional(2, 50)).toBe(4)
    expect(inverse.settlement).toBe('BTC')
  })

  it('keeps sizes of the data on a finer grid than those of orders', () => {
    const instrument = new Instrument(spec({ lotSize: '0.00001', dataLotSize: '0.000001' }))
    expect(instrument.lotsOf('25.42618900')).toBe(25426189)
    expect(instrument.orderLotStep).toBe(10)
    expect(new Instrument(spec()).orderLotStep).toBe(1)
  })

  it('refuses a negative size', () => {
    expect(() => new Instrument(spec()).lotsOf(-1)).toThrow(/NEGATIVE/)
  })
})

describe('the terms of a contract', () => {
  it('may say when it expires, and what margin the venue asks for', () => {
    const future = new Instrument(
      spec({
        kind: 'linear-future',
        expiry: '2025-03-28T08:00:00Z',
        initialMargin: '0.05',
        maintenanceMargin: '0.025',
      }),
    )
    expect(future.expiryNs).toBe(1_743_148_800_000_000_000n)
    expect(new Instrument(future.toJSON()).expiryNs).toBe(future.expiryNs)
    expect([future.isPerpetual, future.isAsset]).toEqual([false, false])
  })

  it('need not: a description written before there were such terms reads as it did', () => {
    const old = JSON.parse(
      '{"venue":"v","symbol":"S","kind":"inverse-perpetual","base":"BTC","quote":"USD","tickSize":"0.5","lotSize":"1"}',
    ) as InstrumentSpec
    const instrument = new Instrument(old)
    expect(instrument.expiryNs).toBeUndefined()
    expect(instrument.isPerpetual).toBe(true)
    expect(JSON.stringify(instrument)).not.toMatch(/expiry|Margin/)
  })

  it.each([
    [{ kind: 'linear-future', expiry: 'soon' }, /field expiry: expected a moment such as/],
    [{ expiry: '2025-03-28' }, /field expiry: only futures expire, BTCUSDT is of kind linear-perp/],
    [{ initialMargin: '5' }, /field initialMargin: expected a share of the value from 0 to 1/],
    [{ maintenanceMargin: '0' }, /field maintenanceMargin: expected a positive decimal/],
  ] as const)('are refused: %j', (changes, message) => {
    expect(() => new Instrument(spec(changes))).toThrow(message)
  })
})

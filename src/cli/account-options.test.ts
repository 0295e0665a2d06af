import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readAccount, readFunding } from './account-options.ts'
import { readFees } from './fees-option.ts'

const folder = mkdtempSync(join(tmpdir(), 'money-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe('the account on the command line', () => {
  it('is none unless leverage or margin is given', () => {
    expect(readAccount({}, undefined)).toBeUndefined()
    expect(readAccount({ leverage: '20' }, 5)).toEqual({ leverage: 20 })
    expect(readAccount({ margin: 'isolated', liquidationFee: '0.0125' }, 5)).toEqual({
      mode: 'isolated',
      liquidationFee: 0.0125,
    })
  })

  it.each([
    [{ leverage: '-3' }, /--leverage "-3": expected a number from 1 to 1000 such as 20/],
    [{ leverage: '' }, /--leverage ""/],
    [{ leverage: '0.5' }, /--leverage "0\.5": expected a number from 1 to 1000/],
    [{ leverage: '2000' }, /--leverage "2000": expected a number from 1 to 1000/],
    [{ margin: 'both' }, /--margin "both": expected cross or isolated/],
    [{ margin: 'cross', liquidationFee: '1%' }, /--liquidation-fee "1%": expected a share/],
    [{ leverage: ['5', '6'] }, /--leverage "6": expected one number for all instruments/],
    [{ leverage: ['A=5', 'A=6'] }, /--leverage "A=6": expected A once/],
    [{ leverage: ['A=x'] }, /--leverage "A=x": expected a number from 1 to 1000 .*BTCUSDT=5/],
    [{ rate: ['EUR'] }, /--rate "EUR": expected two currencies and a rate above 0 such as EUR/],
    [{ rate: ['EUR/USD=0'] }, /--rate "EUR\/USD=0": expected/],
    [{ rate: ['EUR/USD=1', 'EUR/USD=2'] }, /--rate "EUR\/USD=2": expected EUR\/USD once/],
    [{ liquidationFee: '0.01' }, /--liquidation-fee needs --leverage or --margin/],
  ])('refuses %j', (flags, message) => {
    expect(() => readAccount(flags, 5)).toThrow(message)
  })
})

it('may hold several currencies, and be counted in one of them', () => {
  const flags = { baseCurrency: 'USDT', balance: ['BTC=0.5', 'ETH=2'] }
  const account = { baseCurrency: 'USDT', balances: { BTC: 0.5, ETH: 2 } }
  expect(readAccount(flags, undefined)).toEqual(account)
  expect(readAccount({ ...flags, leverage: '3' }, undefined)).toEqual({ ...account, leverage: 3 })
  for (const [balance, message] of [
    [['BTC'], /--balance "BTC": expected a currency and an amount such as BTC=0\.5/],
    [['BTC=-1'], /--balance "BTC=-1": expected/],
    [['BTC=1', 'BTC=2'], /--balance "BTC=2": expected BTC once/],
  ] as const) {
    expect(() => readAccount({ balance }, 5)).toThrow(message)
  }
})

it('may have a leverage by instrument, and rates that no instrument tells', () => {
  const flags = { leverage: ['20', 'venue:BTCUSDT=5', 'ETHUSDT=2.5'], rate: ['EUR/USD=1.08'] }
  expect(readAccount(flags, 5)).toEqual({
    leverage: 20,
    margin: { 'venue:BTCUSDT': { leverage: 5 }, ETHUSDT: { leverage: 2.5 } },
    rates: { 'EUR/USD': 1.08 },
  })
  expect(readAccount({ leverage: ['BTCUSDT=5'] }, 5)).toEqual({ leverage: { BTCUSDT: 5 } })
})

describe('an account that holds nothing', () => {
  it.each([
    [{ leverage: '5' }, undefined, /--leverage needs --cash/],
    [{ margin: 'cross' }, 0, /--margin needs --cash/],
  ])('is refused: %j with cash %s', (flags, cash, message) => {
    expect(() => readAccount(flags, cash)).toThrow(message)
  })
})

describe('funding on the command line', () => {
  it('comes from the data, from a file, or not at all', () => {
    expect(readFunding('tape')).toBe('tape')
    expect(readFunding('off')).toBe('off')
    const path = file('funding.csv', 'time,rate\n2024-08-08T00:00Z,0.0001\n')
    expect(readFunding(path)).toEqual([
      { timeNs: 1_723_075_200_000_000_000n, rate: 0.0001, mark: Number.NaN },
    ])
  })

  it('names file and line of what is wrong', () => {
    const path = file('bad.csv', 'time,rate\n2024-08-08T00:00Z,much\n')
    expect(() => readFunding(path)).toThrow(
      /bad\.csv line 2 field rate: expected a number, was "much"/,
    )
    expect(() => readFunding(join(folder, 'none.csv'))).toThrow(
      /none\.csv: there is no such file \(--funding\)/,
    )
  })
})

describe('fee tiers on the command line', () => {
  it('are read from a file, whose name stands in what is wrong with it', () => {
    const good = file('vip.json', '{"tiers":[{"from":0,"makerBps":2,"takerBps":5}]}')
    expect(readFees(`tiers=${good}`).name).toMatch(/^tiers by value of 30 days/)
    const bad = file('bad.json', '{"tiers":[{"from":0,"makerBps":2}]}')
    expect(() => readFees(`tiers=${bad}`)).toThrow(/bad\.json, field tiers\.0: expected makerBps/)
  })
})

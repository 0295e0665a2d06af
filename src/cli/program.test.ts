import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InvariantError, LobtraderError } from '../core/index.ts'
import { makeCommand, type Answer, type CommandAction, type CommandEntry } from './command.ts'
import { Interrupted } from './failure.ts'
import { importCommand } from './import-command.ts'
import { runProgram } from './program.ts'
import type { Terminal } from './terminal.ts'

/** Runs `lobtrader try ...args` with this action. */
async function run(
  action: CommandAction,
  { args = [], isInterruptible }: { args?: readonly string[]; isInterruptible?: boolean } = {},
): Promise<{ out: string; err: string; exitCode: number }> {
  const heard = { out: '', err: '' }
  const terminal: Terminal = {
    out: (text) => void (heard.out += text),
    err: (text) => void (heard.err += text),
    isWatched: false,
  }
  const command = makeCommand({ name: 'try', description: 'Tries.', examples: [] })
  const entry: CommandEntry = {
    command,
    action,
    ...(isInterruptible === undefined ? {} : { isInterruptible }),
  }
  const exitCode = await runProgram(['try', ...args], terminal, [entry])
  return { ...heard, exitCode }
}

const answer: Answer = { json: { answer: 42n }, text: 'forty-\u001b[31mtwo\n' }

describe('runProgram', () => {
  test('prints the text form, without control characters', async () => {
    const { out, err, exitCode } = await run(() => Promise.resolve(answer))
    expect({ out, err, exitCode }).toEqual({ out: 'forty-[31mtwo\n', err: '', exitCode: 0 })
  })

  test('prints the JSON form alone, on one line', async () => {
    const { out, err, exitCode } = await run(() => Promise.resolve(answer), { args: ['--json'] })
    expect({ out, err, exitCode }).toEqual({ out: '{"answer":"42"}\n', err: '', exitCode: 0 })
  })

  test('gives stdout back after a command, and after one that fails', async () => {
    const writer = (): unknown => Reflect.get(process.stdout, 'write')
    const before = writer()
    await run(() => Promise.resolve(answer), { args: ['--json'] })
    await run(() => Promise.reject(new LobtraderError('BAD_JSON', 'no')), { args: ['--json'] })
    expect(writer()).toBe(before)
  })

  test('passes on the exit code of an answer that is no', async () => {
    const { exitCode } = await run(() => Promise.resolve({ ...answer, exitCode: 1 }))
    expect(exitCode).toBe(1)
  })

  test('tells a wrong input in one sentence and ends with 2', async () => {
    const error = new LobtraderError('OFF_GRID', 'price 1.5 is not a multiple of 1', { value: 1.5 })
    const told = await run(() => Promise.reject(error), { args: ['--json'] })
    expect(told.err).toBe('lobtrader try: price 1.5 is not a multiple of 1\n')
    expect(told.exitCode).toBe(2)
    expect(JSON.parse(told.out)).toEqual({
      error: {
        code: 'OFF_GRID',
        message: 'price 1.5 is not a multiple of 1',
        context: { value: 1.5 },
      },
    })
  })

  test('tells a fault of ours with 70, and its stack only when asked', async () => {
    const fault = new InvariantError('rows stay sorted')
    const action = (): Promise<Answer> => Promise.reject(fault)
    const plain = await run(action)
    expect(plain.err).toMatch(/^lobtrader try: InvariantError: rows stay sorted \(.*report.*\)\n$/)
    expect(plain.exitCode).toBe(70)
    const debug = await run(action, { args: ['--debug'] })
    expect(debug.err).toMatch(/program\.test\.ts/)
  })

  test('aborts the signal of an interruptible command on SIGINT and ends with 130', async () => {
    const { err, exitCode } = await run(
      ({ signal }) => {
        process.emit('SIGINT')
        signal.throwIfAborted()
        return Promise.resolve(answer)
      },
      { isInterruptible: true },
    )
    expect(err).toMatch(/^lobtrader try: interrupted/)
    expect(exitCode).toBe(130)
  })

  test('leaves SIGINT to the system for any other command', async () => {
    const listeners = process.listenerCount('SIGINT')
    await run(() => {
      expect(process.listenerCount('SIGINT')).toBe(listeners)
      return Promise.resolve(answer)
    })
    expect(process.listenerCount('SIGINT')).toBe(listeners)
  })
})

test('an interrupted import undoes itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lobtrader-interrupt-'))
  const instrument = join(folder, 'instrument.json')
  const spec = { venue: 'v', symbol: 'S', kind: 'spot', base: 'B', quote: 'Q' }
  writeFileSync(instrument, JSON.stringify({ ...spec, tickSize: '0.01', lotSize: '0.001' }))
  writeFileSync(
    join(folder, 'capture'),
    '1723161600000000000 {"lastUpdateId":1,"bids":[],"asks":[]}\n',
  )
  const { command, action } = importCommand()
  const store = join(folder, 'store')
  const args = ['--format', 'binance', '--instrument', instrument, '--store', store]
  command.parseOptions([...args])
  command.args = [join(folder, 'capture')]
  const terminal: Terminal = { out: () => undefined, err: () => undefined, isWatched: false }
  const signal = AbortSignal.abort(new Interrupted())
  await expect(action({ terminal, json: false, signal }, command)).rejects.toThrow(Interrupted)
  expect(existsSync(store)).toBe(false)
  rmSync(folder, { recursive: true })
})

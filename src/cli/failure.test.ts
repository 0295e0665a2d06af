import { CommanderError } from 'commander'
import { describe, expect, test } from 'vitest'
import { DataError, InvariantError, LobtraderError } from '../core/index.ts'
import { Interrupted, failureOf } from './failure.ts'

describe('failureOf', () => {
  test('drops the code from the sentence of an expected failure and keeps it beside', () => {
    const error = new LobtraderError('BAD_DURATION', '"5" is not a duration', { value: '5' })
    expect(failureOf(error)).toEqual({
      code: 'BAD_DURATION',
      message: '"5" is not a duration',
      context: { value: '5' },
      exitCode: 2,
    })
  })

  test('names file and line of a data error', () => {
    const error = new DataError('BAD_JSON', 'not JSON', { file: 'a.gz', line: 7 })
    expect(failureOf(error).message).toBe('a.gz line 7: not JSON')
  })

  test("turns commander's two lines into one sentence", () => {
    const message = "error: unknown option '--fromat'\n(Did you mean --format?)"
    const failure = failureOf(new CommanderError(1, 'commander.unknownOption', message))
    expect(failure.message).toBe('unknown option "--fromat"; did you mean --format?')
    expect(failure.exitCode).toBe(2)
  })

  test('asks for a report of a fault of ours, in one line', () => {
    const failure = failureOf(new InvariantError('from <= to\nsecond line'))
    expect(failure.exitCode).toBe(70)
    expect(failure.message).toMatch(
      /^InvariantError: from <= to \(.*please report it.*--debug.*\)$/,
    )
  })

  test('tells what the operating system said of a path', () => {
    const error = Object.assign(new Error("ENOTDIR: not a directory, stat '/a/b'"), {
      code: 'ENOTDIR',
      syscall: 'stat',
    })
    expect(failureOf(error)).toMatchObject({ code: 'ABSENT_FILE', exitCode: 2 })
    expect(failureOf(error).message).toBe("ENOTDIR: not a directory, stat '/a/b'")
    const full = Object.assign(new Error('ENOSPC: no space left'), {
      code: 'ENOSPC',
      syscall: 'write',
    })
    expect(failureOf(full)).toMatchObject({ code: 'WRITE_FAILED', exitCode: 2 })
  })

  test('ends an interrupted command with 130', () => {
    expect(failureOf(new Interrupted()).exitCode).toBe(130)
  })

  test.each([['text'], [undefined], [{ a: 1 }]])('survives %s being thrown', (thrown) => {
    expect(failureOf(thrown).exitCode).toBe(70)
  })
})

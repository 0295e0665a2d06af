/** Entry point of the executable. */
import { tuneCompiler } from '../engine/index.ts'
import { runProgram } from './program.ts'
import { processTerminal } from './terminal.ts'

// A reader that closes early (`| head`) is no fault of ours and no reason for a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

tuneCompiler()
// Setting the code and returning lets everything written reach a pipe, which process.exit cuts.
process.exitCode = await runProgram(process.argv.slice(2), processTerminal)

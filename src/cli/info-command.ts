/** `lobtrader info`: what a store holds. */
import { openStore, type PartitionInfo } from '../store/index.ts'
import { formatInstant } from '../time/index.ts'
import { makeCommand, type CommandEntry } from './command.ts'
import { formatBytes, grouped, textTable } from './table.ts'

/** One partition in `info --json`; `from` and `to` are Unix ns as text. */
export interface PartitionLine {
  readonly venue: string
  readonly symbol: string
  readonly day: string
  readonly kind: string
  readonly events: number
  readonly from: string
  readonly to: string
  readonly bytes: number
}

/** The command. */
export function infoCommand(): CommandEntry {
  const command = makeCommand({
    name: 'info',
    description:
      'List what a store holds: one line for each venue, symbol, day and kind of events.',
    examples: [
      ['lobtrader info ./store', 'a table'],
      ['lobtrader info ./store --json', 'the same for a script; from and to in Unix ns'],
    ],
  }).argument('<store>', 'folder of the store')
  return {
    command,
    action: () => {
      const dir = command.args[0]!
      const partitions = openStore(dir).partitions()
      return Promise.resolve({
        json: partitions.map(partitionLine),
        text: partitions.length === 0 ? `no partitions in ${dir}\n` : partitionTable(partitions),
      })
    },
  }
}

function partitionLine(info: PartitionInfo): PartitionLine {
  const { venue, symbol, day, kind, events, bytes } = info
  return {
    venue,
    symbol,
    day,
    kind,
    events,
    from: String(info.fromNs),
    to: String(info.toNs),
    bytes,
  }
}

function partitionTable(partitions: readonly PartitionInfo[]): string {
  const columns = [
    { heading: 'venue' },
    { heading: 'symbol' },
    { heading: 'day' },
    { heading: 'kind' },
    { heading: 'events', isNumber: true },
    { heading: 'from (UTC)' },
    { heading: 'to (UTC)' },
    { heading: 'size', isNumber: true },
  ]
  const rows = partitions.map((info) => [
    info.venue,
    info.symbol,
    info.day,
    info.kind,
    grouped(info.events),
    clockText(info.fromNs),
    clockText(info.toNs),
    formatBytes(info.bytes),
  ])
  return textTable(columns, rows)
}

/** The time of day of a moment whose day stands beside it. */
const clockText = (unixNs: bigint): string => formatInstant(unixNs).slice(11, -1)

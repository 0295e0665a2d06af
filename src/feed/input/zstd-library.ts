/** The functions of libzstd that the package `zstddec` brings as WebAssembly. */
import { ZSTDDecoder } from 'zstddec/stream'
import { LobtraderError } from '../../core/index.ts'

/** What a stream needs of libzstd; addresses are offsets in `memory`. @source zstd.h */
export interface ZstdLibrary {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly malloc: (bytes: number) => number
  readonly free: (at: number) => void
  readonly ZSTD_createDCtx: () => number
  readonly ZSTD_freeDCtx: (context: number) => number
  readonly ZSTD_DStreamOutSize: () => number
  /** Returns 0 at the end of a frame, below 0 on an error, else a guess of what is to come. */
  readonly ZSTD_decompressStream: (context: number, output: number, input: number) => number
}

/** What is used of WebAssembly; its types come with those of browsers only. */
declare const WebAssembly: {
  instantiate(module: object, imports: object): Promise<{ readonly exports: object }>
}

/** Memory that a window of a hostile file may have taken; what is larger is not kept. */
const KEPT_BYTES = 64 << 20

/** Catches the compiled module on its way into the package. */
class ModuleCatcher extends ZSTDDecoder {
  module: object | undefined

  constructor() {
    super()
    // The package calls it without its object.
    this._init = this._init.bind(this)
  }

  override _init(source: { readonly module: object; readonly instance: object }): void {
    super._init(source)
    this.module = source.module
  }
}

const catcher = new ModuleCatcher()
let library: ZstdLibrary | undefined

/**
 * Returns libzstd.
 *
 * @throws LobtraderError UNSUPPORTED when other code has begun to use the package before
 */
export async function zstdLibrary(): Promise<ZstdLibrary> {
  if (library !== undefined && library.memory.buffer.byteLength <= KEPT_BYTES) return library
  await catcher.init()
  const { module } = catcher
  if (module === undefined) {
    throw new LobtraderError(
      'UNSUPPORTED',
      'zstd files cannot be read: other code of this process has begun to use zstddec before',
      {},
    )
  }
  const env = { emscripten_notify_memory_growth: () => undefined }
  const { exports } = await WebAssembly.instantiate(module, { env })
  library = exports as ZstdLibrary
  return library
}

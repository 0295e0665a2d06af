/** Starts compiled kernels: WebAssembly modules that import one memory, of a fixed size or growing. */
import { assert } from './errors.ts'

/** What is used of the host's WebAssembly, which the types of Node do not tell. */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (size: { initial: number; maximum?: number }) => LinearMemory
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/** Memory of a kernel; its buffer is another one once it has grown. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer
  /** Adds pages of 64 KiB, all 0. @throws RangeError where there are no more */
  grow(pages: number): number
}

const host = (globalThis as unknown as { readonly WebAssembly: WebAssemblyHost }).WebAssembly

/** A kernel at work in memory of its own. */
export interface RunningKernel {
  readonly buffer: ArrayBuffer
  /** Its functions; the caller knows their types. */
  readonly exports: unknown
}

/** A kernel at work in memory of its own that may grow. */
export interface GrowingKernel {
  readonly memory: LinearMemory
  readonly exports: unknown
}

/** A kernel as `npm run kernels` writes it; compiled when it is first started. */
export class Kernel {
  readonly #base64: string
  readonly #pages: number
  #module: object | undefined

  /** @param base64 the module @param pages of 64 KiB that it imports */
  constructor(base64: string, pages: number) {
    this.#base64 = base64
    this.#pages = pages
  }

  /**
   * @param imports functions that it asks for, by module and name, besides its memory
   * @param pages of that memory; default: as many as it imports at least
   */
  start(imports: Readonly<Record<string, object>> = {}, pages = this.#pages): RunningKernel {
    const memory = new host.Memory({ initial: pages, maximum: pages })
    return { buffer: memory.buffer, exports: this.#startIn(memory, imports) }
  }

  /** Starts it in memory that may grow; undefined where the host has none to give. */
  startGrowing(): GrowingKernel | undefined {
    try {
      const memory = new host.Memory({ initial: this.#pages })
      return { memory, exports: this.#startIn(memory, {}) }
    } catch (error) {
      // Each memory claims addresses far beyond its size: they end before the memory of a machine does.
      if (error instanceof RangeError) return undefined
      throw error
    }
  }

  #startIn(memory: LinearMemory, imports: Readonly<Record<string, object>>): unknown {
    this.#module ??= new host.Module(bytesOf(this.#base64))
    const abort = (): void => assert(false, 'the kernel does not fail')
    return new host.Instance(this.#module, { env: { memory, abort }, ...imports }).exports
  }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))
}

/** Wheel, touch and keys on a chart. */
import type uPlot from 'uplot'
import type { Viewport } from './viewport.ts'

const KEYS: Readonly<Record<string, (viewport: Viewport) => void>> = {
  ArrowLeft: (viewport) => viewport.pan(-0.2),
  ArrowRight: (viewport) => viewport.pan(0.2),
  '+': (viewport) => viewport.zoom(0.5),
  '=': (viewport) => viewport.zoom(0.5),
  '-': (viewport) => viewport.zoom(2),
  0: (viewport) => viewport.reset(),
  Escape: (viewport) => viewport.reset(),
  Home: (viewport) => viewport.pan(-1e9),
  End: (viewport) => viewport.pan(1e9),
}

/** Lets keys pan and zoom while the chart has the focus. */
export function addKeys(container: HTMLElement, viewport: Viewport): void {
  container.addEventListener('keydown', (event) => {
    const act = KEYS[event.key]
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act(viewport)
  })
}

/** Lets Ctrl-wheel zoom around the pointer, Shift-drag pan, one finger pan and two fingers zoom. */
export function addPointers(plot: uPlot, viewport: Viewport): void {
  const { over } = plot
  const timeAt = (clientX: number): number =>
    plot.posToVal(clientX - over.getBoundingClientRect().left, 'x')
  over.addEventListener(
    'wheel',
    (event) => {
      // A bare wheel scrolls the page.
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      viewport.zoom(Math.exp(Math.sign(event.deltaY) * 0.25), timeAt(event.clientX))
    },
    { passive: false },
  )
  over.style.touchAction = 'pan-y'
  const down = new Map<number, number>()
  over.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse' && !event.shiftKey) return
    down.set(event.pointerId, event.clientX)
    over.setPointerCapture(event.pointerId)
  })
  over.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId)
    if (before === undefined) return
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1]
    if (other === undefined) viewport.pan((before - event.clientX) / over.clientWidth)
    else if (event.clientX !== other) {
      const factor = Math.abs(before - other) / Math.abs(event.clientX - other)
      viewport.zoom(Math.min(Math.max(factor, 0.5), 2), timeAt((event.clientX + other) / 2))
    }
    down.set(event.pointerId, event.clientX)
  })
  for (const end of ['pointerup', 'pointercancel'] as const) {
    over.addEventListener(end, (event) => down.delete(event.pointerId))
  }
}

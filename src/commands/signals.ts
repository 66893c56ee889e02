import { once } from 'node:events'

/** What somebody who runs the service wants of it by a signal. */
export type Wish = 'stop' | 'reload'

/**
 * SIGTERM and SIGINT stop, SIGHUP reloads. What comes while nobody waits for it is kept: the service
 * may just be starting. A second signal to stop ends the process at once.
 */
export class Signals implements Disposable {
  readonly #came = new EventTarget()
  #stop = false
  #reload = false

  constructor() {
    process.on('SIGTERM', this.#onStop)
    process.on('SIGINT', this.#onStop)
    process.on('SIGHUP', this.#onReload)
  }

  async next(): Promise<Wish> {
    while (!this.#stop && !this.#reload) await once(this.#came, 'came')
    if (this.#stop) return 'stop'
    this.#reload = false
    return 'reload'
  }

  /** As if SIGHUP had come. */
  reload(): void {
    this.#reload = true
    this.#came.dispatchEvent(new Event('came'))
  }

  [Symbol.dispose](): void {
    process.off('SIGTERM', this.#onStop)
    process.off('SIGINT', this.#onStop)
    process.off('SIGHUP', this.#onReload)
  }

  readonly #onStop = (): void => {
    process.off('SIGTERM', this.#onStop)
    process.off('SIGINT', this.#onStop)
    this.#stop = true
    this.#came.dispatchEvent(new Event('came'))
  }

  readonly #onReload = (): void => this.reload()
}

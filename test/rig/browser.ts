import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A page in a real headless Chromium, over its DevTools protocol. */
export interface Browser extends AsyncDisposable {
  /** Resolves when the page is loaded. */
  open(url: string): Promise<void>
  /** The value of a JavaScript expression in the page; promises are awaited. */
  evaluate<T>(expression: string): Promise<T>
  /** Presses what the selector names, and resolves when the page that follows is loaded. */
  press(selector: string): Promise<void>
  /** Resolves as soon as the expression is true. */
  until(expression: string): Promise<void>
  look(options: {
    readonly width: number
    readonly height: number
    readonly dark: boolean
  }): Promise<void>
  /** PNG of the whole page. */
  screenshot(): Promise<Buffer>
  /** What the page complained of: errors, refused scripts, dialogs. */
  readonly complaints: readonly string[]
}

interface Answer {
  readonly id?: number
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly message: string }
}

/**
 * Debian's Chromium. It speaks to nobody but the address that it is sent to, and asks for pages in
 * `language`, as in Accept-Language.
 */
export async function startBrowser(language = 'en-US'): Promise<Browser> {
  await using stack = new AsyncDisposableStack()
  const profile = stack.use(await temporaryFolder())
  const child = spawn(
    'chromium',
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      `--accept-lang=${language}`,
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile.path}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  stack.defer(async () => {
    const closed = once(child, 'close')
    child.kill()
    await closed
  })
  const port = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    createInterface(child.stderr).on('line', (line) => {
      const found = /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1]
      if (found) resolve(found)
    })
  })
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as Target[]
  const page = targets.find(({ type }) => type === 'page')
  if (!page) throw new Error('Chromium has no page')
  const socket = new WebSocket(page.webSocketDebuggerUrl)
  await once(socket, 'open')
  stack.defer(() => socket.close())
  const opened = stack.move()
  return drive(socket, opened)
}

interface Target {
  readonly type: string
  readonly webSocketDebuggerUrl: string
}

async function drive(socket: WebSocket, opened: AsyncDisposableStack): Promise<Browser> {
  const waiting = new Map<number, (answer: Answer) => void>()
  const complaints: string[] = []
  let last = 0
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer // the protocol's
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
    const { method = '', params = {} } = answer
    const isBad = /exceptionThrown|javascriptDialogOpening/.test(method)
    const entry = params['entry'] as { level?: string; text?: string } | undefined // Log.entryAdded
    if (isBad || entry?.level === 'error') complaints.push(JSON.stringify(params))
  })

  async function call(method: string, params: object = {}): Promise<NonNullable<Answer['result']>> {
    const id = ++last
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params }))
    const { result, error } = await answered
    waiting.delete(id)
    if (error) throw new Error(`${method}: ${error.message}`)
    return result ?? {}
  }

  async function evaluate<T>(expression: string): Promise<T> {
    const asked = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await call('Runtime.evaluate', asked)
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`)
    return (result as { value: T }).value // the protocol's
  }

  async function until(expression: string): Promise<void> {
    // In between pages there is nothing to ask.
    while (!(await evaluate<boolean>(`Boolean(${expression})`).catch(() => false))) await sleep(30)
  }

  for (const domain of ['Page', 'Runtime', 'Log']) await call(`${domain}.enable`)
  return {
    complaints,
    evaluate,
    until,
    async open(url) {
      await call('Page.navigate', { url })
      await until(`document.readyState === 'complete' && location.href !== 'about:blank'`)
    },
    async press(selector) {
      await evaluate(
        `window.before = true; document.querySelector(${JSON.stringify(selector)}).click()`,
      )
      await until(`!window.before && document.readyState === 'complete'`)
    },
    async look({ width, height, dark }) {
      const features = [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]
      await call('Emulation.setEmulatedMedia', { features })
      const size = { width, height, deviceScaleFactor: 1, mobile: width < 600 }
      await call('Emulation.setDeviceMetricsOverride', size)
    },
    async screenshot() {
      const { data } = await call('Page.captureScreenshot', { captureBeyondViewport: true })
      return Buffer.from(String(data), 'base64')
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

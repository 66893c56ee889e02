import { connect } from 'node:net'

/**
 * As a messenger signs in: stream, SASL PLAIN (RFC 4616), stream again, resource. Resolves with
 * `signed in as JID`, or the server's own words for why not (RFC 6120, 6).
 */
export async function signInAtXmpp(
  port: number,
  host: string,
  user: string,
  password: string,
): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  const open = `<?xml version="1.0"?><stream:stream to="${host}" version="1.0" xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams">`
  const plain = Buffer.from(`\0${user}\0${password}`).toString('base64')
  const bind = `<iq type="set" id="b1"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>`
  const steps: [RegExp, string][] = [
    [
      /<mechanism>PLAIN<\/mechanism>/,
      `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${plain}</auth>`,
    ],
    [/<success /, open],
    [/<bind /, bind],
  ]
  socket.write(open)
  let text = ''
  try {
    for await (const chunk of socket) {
      text += chunk as string // its encoding was set
      const failure =
        /<failure[^>]*><([a-z-]+)\/?>.*?(?:<text[^>]*>([^<]*)<\/text>)?<\/failure>/s.exec(text)
      if (failure) return [failure[1], failure[2]].filter(Boolean).join(': ')
      const jid = /<jid>([^<]+)<\/jid>/.exec(text)?.[1]
      if (jid !== undefined) return `signed in as ${jid.replace(/\/.*/, '')}`
      const [expected, answer] = steps[0] ?? []
      if (!expected?.test(text) || answer === undefined) continue
      steps.shift()
      text = ''
      socket.write(answer)
    }
    return 'the connection was closed'
  } finally {
    socket.destroy()
  }
}

/** Asterisk's own description of ARI (`rest-api/*.json`), as far as the tests use it. */
export function description(path: string, basePath: string): object {
  const name = /([a-z]+)\.json$/.exec(path)?.[1] ?? ''
  const head = { apiVersion: '10.0.0', swaggerVersion: '1.1', basePath }
  if (name === 'resources') {
    const apis = Object.keys(resources).map((each) => ({
      path: `/api-docs/${each}.{format}`,
      description: each,
    }))
    return { ...head, apis }
  }
  const models = name === 'events' ? events : {}
  return { ...head, resourcePath: `/api-docs/${name}.{format}`, apis: resources[name], models }
}

const inPath = (name: string) => ({ name, paramType: 'path', required: true, dataType: 'string' })
const inQuery = (name: string) => ({
  name,
  paramType: 'query',
  required: false,
  dataType: 'string',
})

function operation(
  path: string,
  httpMethod: string,
  nickname: string,
  parameters: readonly object[],
): object {
  const isAnswered = httpMethod === 'GET' || nickname === 'originate'
  const responseClass = isAnswered ? 'object' : 'void'
  return { path, operations: [{ httpMethod, nickname, responseClass, parameters, summary: '' }] }
}

const channel = inPath('channelId')
const resources: Readonly<Record<string, readonly object[]>> = {
  applications: [
    operation('/applications/{applicationName}', 'GET', 'get', [inPath('applicationName')]),
  ],
  channels: [
    operation(
      '/channels',
      'POST',
      'originate',
      ['endpoint', 'context', 'extension', 'priority', 'timeout', 'callerId'].map(inQuery),
    ),
    operation('/channels/{channelId}', 'GET', 'get', [channel]),
    operation('/channels/{channelId}/continue', 'POST', 'continueInDialplan', [channel]),
    operation('/channels/{channelId}/variable', 'GET', 'getChannelVar', [
      channel,
      inQuery('variable'),
    ]),
    operation('/channels/{channelId}/variable', 'POST', 'setChannelVar', [
      channel,
      inQuery('variable'),
      inQuery('value'),
    ]),
  ],
  events: [],
}

const model = (id: string) => ({
  id,
  properties: { type: { type: 'string', required: true }, channel: { type: 'Channel' } },
})
const events = Object.fromEntries(
  ['StasisStart', 'StasisEnd', 'ApplicationReplaced'].map((id) => [id, model(id)]),
)

// Mercurius with JIT on Fastify, with the duties of a server on the internet (as `duties.py`): time
// limits and a size for bodies, a rate limit for each session, a line in the log and a histogram for
// each request, its id, security headers, a depth limit. Every duty is Fastify's own or that of the
// usual package. An answer has the headers that lk_graphql sends; helmet's others are off.

import { randomBytes } from 'node:crypto'
import Fastify, { LogController } from 'fastify'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import mercurius from 'mercurius'
import { Histogram } from 'prom-client'
import { cabinet } from './cabinet.mjs'

const MILLISECONDS = 15_000
const BYTES = 1 << 20
const DEPTH = 16
const REQUESTS_PER_MINUTE = 1e9 // the limit is on, and 2,000 customers never reach it

const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/
const PROCESS = randomBytes(5).toString('hex')
let requests = 0

function genReqId ({ headers }) {
  const proposed = headers['x-request-id']
  if (proposed !== undefined && REQUEST_ID.test(proposed)) return proposed
  return PROCESS + (++requests).toString(16).padStart(8, '0')
}

// One line for a request, where Fastify writes one at its start and one at its end.
class RequestLog extends LogController {
  constructor () {
    super({ requestIdLogLabel: 'request_id' })
  }

  incomingRequest () {}

  requestCompleted (error, request, reply) {
    const line = { operation: request.body?.operationName, status: reply.statusCode, ms: reply.elapsedTime }
    if (error) request.log.error({ ...line, err: error }, 'request')
    else request.log.info(line, 'request')
  }
}

const seconds = new Histogram({
  name: 'request_seconds',
  help: 'Duration of requests.',
  labelNames: ['status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
})

const app = Fastify({
  bodyLimit: BYTES,
  connectionTimeout: MILLISECONDS,
  requestTimeout: MILLISECONDS,
  genReqId,
  logger: { base: null },
  logController: new RequestLog()
})

await app.register(helmet, {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }
  },
  xFrameOptions: { action: 'deny' },
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: false,
  originAgentCluster: false,
  strictTransportSecurity: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xPoweredBy: false,
  xXssProtection: false
})
await app.register(rateLimit, {
  max: REQUESTS_PER_MINUTE,
  timeWindow: '1 minute',
  keyGenerator: request => request.headers.authorization ?? request.ip,
  addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false }
})

app.addHook('onRequest', (request, reply, done) => {
  reply.headers({
    'cache-control': 'no-store',
    vary: 'Accept, Accept-Language, Origin',
    'x-request-id': request.id
  })
  done()
})
app.addHook('onResponse', (_, reply, done) => {
  seconds.observe({ status: reply.statusCode }, reply.elapsedTime / 1000)
  done()
})

app.register(mercurius, { ...cabinet, queryDepth: DEPTH })
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })

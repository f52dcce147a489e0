// Mercurius with JIT on Fastify, bare: no limits, no log, no headers of its own.

import Fastify from 'fastify'
import mercurius from 'mercurius'
import { cabinet } from './cabinet.mjs'

const app = Fastify()
app.register(mercurius, cabinet)
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })

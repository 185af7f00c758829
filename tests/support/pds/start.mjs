// A PDS and the directory that it registers its accounts in, on free ports of this machine and in a folder of their own.
// Says where the PDS answers, then serves until standard input ends.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDS, envToCfg, envToSecrets } from '@atproto/pds'
import { Database, PlcServer } from '@did-plc/server'

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
const secret = (bytes) => randomBytes(bytes).toString('hex')

const folder = mkdtempSync(join(tmpdir(), 'wirereport-pds-'))
const directory = PlcServer.create({ db: Database.mock(), port: await freePort() })
const { port: directoryPort } = (await directory.start()).address()
const port = await freePort()
const settings = {
  devMode: true,
  port,
  hostname: 'localhost',
  dataDirectory: folder,
  blobstoreDiskLocation: join(folder, 'blobs'),
  jwtSecret: secret(32),
  adminPassword: secret(16),
  plcRotationKeyK256PrivateKeyHex: secret(32),
  didPlcUrl: `http://localhost:${directoryPort}`,
  inviteRequired: false,
  disableSsrfProtection: true,
  serviceHandleDomains: ['.test'],
  bskyAppViewUrl: 'https://appview.invalid',
  bskyAppViewDid: 'did:web:appview.invalid',
}
const pds = await PDS.create(envToCfg(settings), envToSecrets(settings))
await pds.start()
console.log(`http://localhost:${port}`)

process.stdin.resume().on('end', async () => {
  await pds.destroy()
  await directory.destroy()
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
})

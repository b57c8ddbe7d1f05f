// Relays TCP between the parts, so that one can be cut off while it runs: `node relay.mjs <control> <name>=<port>:<to>…`.
// POST /cut/<name> to the control port resets its connections and refuses new ones, POST /mend/<name> ends that. Where a
// part refuses connections, so does its relay.
import { createServer as http } from 'node:http';
import { connect, createServer } from 'node:net';

const [control, ...links] = process.argv.slice(2);
const relays = new Map();

class Relay {
  open = new Set();
  isCut = false;
  constructor(port, to) {
    this.port = port;
    this.to = to;
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (from) => {
      const on = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
      const both = [from, on];
      this.open.add(both);
      on.on('error', (error) => error.code === 'ECONNREFUSED' && this.refuse());
      for (const [one, other] of [both, [on, from]]) {
        one.pipe(other);
        // As the part does: a connection that it resets is reset.
        one.on('error', () => other.resetAndDestroy());
        one.on('close', () => {
          this.open.delete(both);
          if (!other.writableEnded) other.destroy();
        });
      }
    });
    this.listen();
  }
  listen() {
    if (!this.isCut && !this.server.listening) this.server.listen({ port: this.port, host: '127.0.0.1', backlog: 511 });
  }
  /** Refuses until the part takes connections again. */
  refuse() {
    if (this.server.listening) this.server.close();
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      const probe = connect(this.to, '127.0.0.1', () => (probe.destroy(), this.listen()));
      probe.on('error', () => this.refuse());
    }, 50);
  }
  cut() {
    this.isCut = true;
    this.server.close();
    for (const both of this.open) for (const socket of both) socket.resetAndDestroy();
  }
  mend() {
    this.isCut = false;
    this.refuse();
  }
}

for (const link of links) {
  const [, name, port, to] = /^(.+)=(\d+):(\d+)$/.exec(link);
  relays.set(name, new Relay(Number(port), Number(to)));
}
http((request, response) => {
  const [, verb, name] = request.url.split('/');
  const relay = relays.get(name);
  if (relay && verb === 'cut') relay.cut();
  else if (relay && verb === 'mend') relay.mend();
  else response.statusCode = 404;
  response.end();
}).listen(Number(control), '127.0.0.1');

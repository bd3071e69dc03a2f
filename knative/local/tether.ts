/**
 * Loaded before a function's own code (`node --import`). Ties its process to the local runtime that started it:
 * its server is reached from this machine only, and it ends, with all that it started, when the runtime is gone.
 */
import { Server } from 'node:net';

const LOOPBACK = '127.0.0.1';
const listen = Server.prototype.listen as (this: Server, ...args: unknown[]) => Server;

/** functions-framework names no host, and Node then listens on all addresses of the machine. */
Server.prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]): Server {
  const [port, host, ...rest] = args;
  const namesPortOnly = (typeof port === 'number' || typeof port === 'string') && typeof host !== 'string';
  if (!namesPortOnly) return listen.apply(this, args);
  this.once('listening', () => {
    const address = this.address();
    if (address && typeof address === 'object') process.send?.({ port: address.port });
  });
  return listen.call(this, Number(port), LOOPBACK, ...(host === undefined ? [] : [host]), ...rest);
};

process.on('disconnect', () => {
  // Last of all handlers, so that scratch folders are removed first. The process leads its group: ffmpeg goes with it.
  process.on('exit', () => process.kill(-process.pid, 'SIGKILL'));
  process.exit(1);
});

/* Socket: in a file there is no line to a server, and nobody waits for one. Stands for ../socket.js. */

export class Socket {
  phase = "saved";
  retryAt = 0;

  retry() {}

  reopen() {}

  send() {}
}

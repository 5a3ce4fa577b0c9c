/* In place of the browser's WebSocket: the test is the server. Beats come by themselves until fake.frozen. */
globalThis.fake = {
  sent: [], urls: [], sockets: [], frozen: false, refuse: false,
  beat: { type: "beat", hub: "", seq: 0, behind_s: 0.3, hosts_alive: 4, hosts_total: 4, files: 12, lines: 0, newest_s: 0, problems: [] },
  hello: [],
  say(message) {
    if (message.type === "delta") Object.assign(this.beat, { hub: message.hub ?? this.beat.hub, seq: message.seq });
    for (const socket of this.sockets) if (socket.readyState === 1) socket.onmessage?.({ data: JSON.stringify(message) });
  },
  drop() {
    for (const socket of this.sockets) { socket.readyState = 3; socket.onclose?.({ code: 1006 }); }
  },
};
globalThis.WebSocket = class FakeSocket {
  static OPEN = 1;
  readyState = 0;
  constructor(url) {
    fake.urls.push(url);
    setTimeout(() => {
      if (fake.frozen) return;
      if (fake.refuse) { this.readyState = 3; this.onclose?.({ code: 1006 }); return; }
      this.readyState = 1;
      fake.sockets = [this];
      fake.hello.forEach((message) => fake.say(message));
    }, 5);
  }
  send(text) { fake.sent.push(JSON.parse(text)); }
  close() { this.readyState = 3; }
};
setInterval(() => { if (!fake.frozen) fake.say({ ...fake.beat, at: Date.now() / 1000 }); }, 500);

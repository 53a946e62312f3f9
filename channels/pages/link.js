// The connection: opens, notices that it is dead, waits a little longer each time, opens again.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
const PING_MS = 20000; // the server cuts what is silent for longer than a proxy would
const PONG_MS = 8000;

export class Link {
  constructor({ onOpen, onMessage, onState }) {
    Object.assign(this, { onOpen, onMessage, onState });
    this.failures = 0;
    this.socket = null;
    window.addEventListener("online", () => this.restart());
    window.addEventListener("offline", () => this.restart());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.ping();
    });
    setInterval(() => this.ping(), PING_MS);
  }

  open() {
    clearTimeout(this.retry);
    this.onState(this.failures ? "reconnecting" : "connecting");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/chat`);
    this.socket = socket;
    socket.onopen = () => this.onOpen();
    socket.onmessage = (event) => {
      clearTimeout(this.silence);
      this.onMessage(JSON.parse(event.data));
    };
    socket.onclose = () => {
      if (socket === this.socket) this.later();
    };
  }

  later() {
    clearTimeout(this.silence);
    this.socket = null;
    this.failures += 1;
    this.onState("reconnecting");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.failures - 1, 10));
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
  }

  restart() {
    const old = this.socket;
    this.socket = null;
    this.failures = Math.max(this.failures, 1);
    old?.close();
    this.open();
  }

  settled() {
    this.failures = 0;
    this.onState("connected");
  }

  send(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  ping() {
    if (!this.send({ type: "ping" })) return;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.restart(), PONG_MS);
  }
}

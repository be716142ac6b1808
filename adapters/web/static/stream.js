// The stream of what happens. It resumes behind the last change it has seen, by itself.

import { eventsURL } from "./api.js";

const silence = 40000; // the desk beats every 15 s; a line that says nothing for this long is dead

export class Stream {
  constructor(after, hear) {
    this.after = after;
    this.hear = hear; // {post, hello, reset, up, down}
    this.wait = 500;
    this.open();
    this.watch = setInterval(() => {
      if (this.source && Date.now() - this.heard > silence) this.again();
    }, 5000);
    this.wakened = () => { if (!document.hidden && !this.alive) this.again(); };
    addEventListener("online", this.wakened);
    document.addEventListener("visibilitychange", this.wakened);
  }

  open() {
    clearTimeout(this.timer);
    this.heard = Date.now();
    const source = new EventSource(eventsURL(this.after));
    this.source = source;
    const on = (name, deed) => source.addEventListener(name, (event) => {
      if (this.source !== source) return;
      this.heard = Date.now();
      deed(JSON.parse(event.data), event);
    });
    on("hello", (hello) => {
      this.alive = true;
      this.wait = 500;
      this.hear.up();
      this.hear.hello(hello);
    });
    on("reset", () => this.hear.reset());
    on("beat", () => {});
    on("post", (post, event) => {
      this.after = Math.max(this.after, Number(event.lastEventId) || 0);
      this.hear.post(post);
    });
    source.onerror = () => { if (this.source === source) this.again(); };
  }

  // again opens a new stream a little later. The browser's own retry gives up on some errors and
  // does not say so.
  again() {
    this.source?.close();
    this.source = null;
    if (this.alive !== false) this.hear.down();
    this.alive = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(this.wait * 2, 8000);
  }

  close() {
    clearTimeout(this.timer);
    clearInterval(this.watch);
    removeEventListener("online", this.wakened);
    document.removeEventListener("visibilitychange", this.wakened);
    this.source?.close();
    this.source = null;
  }
}

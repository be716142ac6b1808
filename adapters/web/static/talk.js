// The conversation of one room: its board, its posts, what is on its way.

import { $, announce, buttons, el, icon, settle } from "./dom.js";
import { dayName, t } from "./words.js";

// A Shelf is what the page knows of one room. Posts arrive by history, by the stream and as answers,
// in any order and more than once; a post is known by its id, and its newest form by its rev.
export class Shelf {
  constructor() {
    this.posts = new Map();
    this.pinned = new Map();
    this.more = false;
    this.loaded = false;
  }

  // take keeps a post and tells whether it brought anything new.
  take(post) {
    const kept = post.key ? this.pinned : this.posts;
    if ((kept.get(post.id)?.rev ?? 0) >= post.rev) return false;
    kept.set(post.id, post);
    return true;
  }

  list() { return [...this.posts.values()].sort((a, b) => a.id - b.id); }
}

// lines shows the first line of a notice stronger: it says what to do.
function lines(post, strong) {
  const body = el("div", { class: "text", lang: post.lang || null });
  const cut = post.text.indexOf("\n");
  if (post.title) body.append(el("strong", { class: "lead" }, post.title));
  if (!strong || post.title || cut < 0) {
    body.append(post.text);
  } else {
    body.append(el("strong", { class: "lead" }, post.text.slice(0, cut)), post.text.slice(cut + 1));
  }
  return body;
}

function level(post) {
  if (!/^L[1-4]$/.test(post.level)) return null;
  return el("span", { class: `level ${post.level.toLowerCase()}`, "aria-label": t("talk.level", { level: post.level }), role: "img" }, post.level);
}

const pile = 12; // more unread posts than this are not read one by one
const together = 10000; // milliseconds; what arrives within is one burst
const question = /[?\uFF1F]\s*$/;
const called = /[@\uFF20](wardline|bot)\b/i;
const strong = new Set(["broadcast", "board", "digest", "request", "script"]);

export class Talk {
  constructor(state, hear) {
    this.state = state;
    this.hear = hear; // {press(line, label), older(), read(id), retry(line), drop(line), offers()}
    this.made = new Map();
    this.boardOpen = new Map();
    $("older").addEventListener("click", () => hear.older());
    $("newest").addEventListener("click", () => { this.bottom(); $("talk").focus({ preventScroll: true }); });
    $("talk").addEventListener("scroll", () => this.scrolled(), { passive: true });
    document.addEventListener("visibilitychange", () => this.scrolled());
    this.follow = true;
    this.anchor = 0; // the post that must not be pushed out of sight above, 0 if none
    this.held = -1; // where the anchor holds the list
    this.burst = 0; // when the newest burst of posts began
    new ResizeObserver(() => { if (this.follow) this.toEnd(); }).observe($("talk"));
    this.wide = matchMedia("(min-width: 760px)");
    this.pressed = false; // a finger is on the board
    $("board").addEventListener("pointerdown", () => { this.pressed = true; });
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => this.lifted());
  }

  // lifted draws the board that was held back, once the tap has become a click.
  lifted() {
    if (!this.pressed) return;
    this.pressed = false;
    setTimeout(() => { if (!this.pressed) this.draw(); });
  }

  // enter shows another room.
  enter(room) {
    this.made.clear();
    this.follow = true;
    this.landed = false;
    this.anchor = 0;
    this.since = this.state.reading.mark(room.id); // where the line "new messages" is drawn
    $("posts").replaceChildren();
  }

  shelf() { return this.state.shelves.get(this.state.room); }

  draw() {
    const shelf = this.shelf();
    if (!shelf) return;
    this.drawBoard([...shelf.pinned.values()]);
    const talk = $("talk"), fromEnd = talk.scrollHeight - talk.scrollTop;
    const children = [];
    let day = "", divided = !this.since;
    const list = shelf.list();
    for (const post of list) {
      if (post.day !== day) {
        day = post.day;
        children.push(this.keep(`day ${day} ${this.state.today}`, () => el("li", { class: "day" }, el("span", {}, dayName(day, this.state.today)))));
      }
      if (!divided && post.counts && post.id > this.since) {
        divided = true;
        children.push(this.keep("new", () => el("li", { class: "day fresh" }, el("span", {}, t("talk.new")))));
      }
      children.push(this.keep(`${post.id} ${post.rev}`, () => this.item(post)));
    }
    settle($("posts"), children);
    $("older").hidden = !shelf.more;
    this.nothing();
    if (shelf.loaded && !this.landed) this.land(list);
    if (this.follow) this.toEnd();
    else if (this.growing) talk.scrollTop = talk.scrollHeight - fromEnd; // older posts came above
    this.scrolled();
  }

  // land puts the first unread post at the top: what to do now comes before what was said about it.
  land(list) {
    this.landed = true;
    const fresh = list.filter((p) => p.counts && p.id > this.since);
    if (fresh.length > 0 && fresh.length <= pile) this.anchor = fresh[0].id;
  }

  // came keeps the first post of a burst in sight, also if the burst is longer than the screen.
  came(post) {
    if (!post.counts || post.rev !== post.id || !this.follow) return;
    if (Date.now() - this.burst > together) {
      this.burst = Date.now();
      this.anchor = post.id;
    }
  }

  // nothing shows somebody new what can be done, instead of an empty wall.
  nothing() {
    const nothing = $("nothing"), shelf = this.shelf();
    nothing.hidden = !shelf?.loaded || shelf.posts.size > 0 || $("pending").children.length > 0;
    const shape = `${this.state.me.id} ${document.documentElement.lang}`;
    if (nothing.hidden || nothing.dataset.shape === shape) return;
    nothing.dataset.shape = shape;
    nothing.replaceChildren(el("p", {}, t("room.empty")), el("div", { class: "offers" }, ...this.hear.offers()));
  }

  keep(key, make) {
    if (!this.made.has(key)) this.made.set(key, make());
    return this.made.get(key);
  }

  item(post) {
    if (post.kind === "open_room" || post.kind === "close_room") {
      const what = t(post.kind === "open_room" ? "kind.opened" : "kind.closed");
      return el("li", { class: "event", "data-post": post.id }, el("span", { class: "clock" }, post.clock), ` ${what} `, el("span", { lang: post.lang || null }, post.title || post.text));
    }
    const bot = !post.author;
    const tag = bot && !post.private && t(`kind.${post.kind}`) !== `kind.${post.kind}` ? t(`kind.${post.kind}`) : "";
    const who = bot ? t("bot") : post.name;
    const head = el("div", { class: "by" }, el("span", { class: "name" }, who),
      post.author === this.state.me.id ? el("span", { class: "tag" }, t("you")) : null,
      level(post), tag ? el("span", { class: "tag" }, tag) : null,
      post.private ? el("span", { class: "tag" }, t("talk.private")) : null,
      post.called ? el("span", { class: "tag called" }, t("talk.called")) : null,
      el("time", { class: "clock", datetime: post.at }, post.clock),
      post.edited ? el("span", { class: "clock" }, t("talk.edited", { clock: post.edited })) : null);
    const classes = ["post", post.private ? "private" : post.kind, bot ? "bot" : "human"];
    if (post.refused) classes.push("refused");
    if (post.called) classes.push("calling");
    return el("li", { class: classes.join(" "), "data-post": post.id },
      el("article", { tabindex: "-1" }, head,
        post.echo ? el("p", { class: "echo" }, post.echo) : null,
        lines(post, strong.has(post.kind)), this.asking(post),
        buttons(post.actions, (action) => this.hear.press(action.line, action.label, post.id))));
  }

  // asking offers to put to the bot what was only asked of the room. It shows on the newest post.
  asking(post) {
    if (post.kind !== "words" || post.author !== this.state.me.id || !question.test(post.text) || called.test(post.text)) return null;
    const label = t("say.ask");
    return el("div", { class: "asking" }, buttons([{ label, line: `/ask ${post.text}` }], (action) => this.hear.press(action.line, label)));
  }

  drawBoard(pinned) {
    const board = $("board");
    board.hidden = pinned.length === 0;
    const shape = pinned.map((p) => `${p.id} ${p.rev}`).join() + document.documentElement.lang;
    if (board.dataset.shape === this.state.room + shape || this.pressed) return; // made anew under a finger it would lose the tap
    const inside = board.contains(document.activeElement);
    board.dataset.shape = this.state.room + shape;
    const open = this.boardOpen.get(this.state.room) ?? this.wide.matches;
    board.replaceChildren(...pinned.map((post) => this.boardOf(post, open)));
    if (inside) board.querySelector("button")?.focus({ preventScroll: true });
  }

  boardOf(post, open) {
    const toggle = el("button", { type: "button", class: "plain narrow fold", "aria-expanded": String(open), "aria-label": t(open ? "board.less" : "board.more") }, icon("fold"));
    const body = el("div", { class: "board-body" }, lines({ ...post, title: "" }, true), buttons(post.actions, (action) => this.hear.press(action.line, action.label)));
    const one = el("article", { class: "pinned" + (open ? " open" : ""), "data-post": post.id },
      el("div", { class: "by" }, el("span", { class: "name", lang: post.lang || null }, post.title || t("board.title")), level(post),
        el("time", { class: "clock" }, t("board.updated", { clock: post.edited || post.clock })), toggle), body);
    toggle.addEventListener("click", () => {
      const now = one.classList.toggle("open");
      this.boardOpen.set(this.state.room, now);
      toggle.setAttribute("aria-expanded", String(now));
      toggle.setAttribute("aria-label", t(now ? "board.less" : "board.more"));
    });
    return one;
  }

  // pending shows what is on its way, or came back.
  pending(lines) {
    const mine = lines.filter((l) => l.room === this.state.room && !l.quiet);
    $("pending").replaceChildren(...mine.map((line) => {
      const fault = line.fault;
      const note = fault || t(line.late ? "say.waiting" : "say.sending");
      const row = fault ? el("div", { class: "actions" },
        el("button", { type: "button", class: "quiet", onclick: () => this.hear.retry(line) }, t("say.again")),
        el("button", { type: "button", class: "quiet", onclick: () => this.hear.drop(line) }, t("say.drop"))) : null;
      return el("li", { class: "post human pending" + (fault ? " refused" : ""), role: fault ? "alert" : null },
        el("article", {}, el("div", { class: "by" }, el("span", { class: "name" }, this.state.me.name), el("span", { class: "clock" }, note)),
          el("div", { class: "text" }, line.text || `/${line.command}`), row));
    }));
    this.nothing();
    if (this.follow) this.toEnd();
  }

  // heard tells a screen reader about a post that has just come.
  heard(post) {
    if (post.author === this.state.me.id) return;
    const who = post.author ? post.name : t("bot");
    announce(`${who}: ${[post.title, post.text].filter(Boolean).join(" ").slice(0, 240)}`);
  }

  // toEnd goes as far down as the anchor lets it.
  toEnd() {
    const talk = $("talk"), end = talk.scrollHeight - talk.clientHeight;
    const anchor = this.anchor && $("posts").querySelector(`[data-post="${this.anchor}"]`);
    const top = anchor ? anchor.getBoundingClientRect().top - talk.getBoundingClientRect().top + talk.scrollTop - 8 : end;
    talk.scrollTop = Math.min(end, Math.max(0, top));
    this.held = anchor ? talk.scrollTop : -1;
  }

  // bottom goes to the very end.
  bottom() {
    this.anchor = 0;
    this.follow = true;
    this.toEnd();
  }

  // show brings a post before the person's eyes, from its beginning.
  show(id) {
    const article = $("posts").querySelector(`[data-post="${id}"] article`);
    this.follow = true;
    this.anchor = id;
    this.toEnd();
    if (article?.querySelector("button")) article.focus({ preventScroll: true });
  }

  scrolled() {
    const talk = $("talk"), shelf = this.shelf();
    if (!shelf?.loaded) return;
    const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
    const held = this.held >= 0 && Math.abs(talk.scrollTop - this.held) < 2;
    if (!held) this.anchor = 0; // the person scrolls
    this.follow = atEnd || held;
    const ids = [...shelf.posts.keys()];
    const last = ids.length ? Math.max(...ids) : 0;
    if (atEnd && !document.hidden && last) this.hear.read(last);
    const mark = this.state.reading.mark(this.state.room);
    const fresh = shelf.list().filter((p) => p.counts && p.id > mark).length;
    const newest = $("newest");
    newest.hidden = atEnd;
    const label = fresh ? t("talk.newest_n", { n: fresh }) : t("talk.newest");
    newest.setAttribute("aria-label", label);
    newest.replaceChildren(icon("down"), el("span", { class: "full" }, label), el("span", { class: "short" }, fresh ? String(fresh) : ""));
  }
}

// One phone: a person, the chat that is open on it, and what its locked screen shows.

import * as api from "./api.js";
import { clockTime, dayOf, messageNode } from "./message.js";
import { element } from "./text.js";

const GHOST_SECONDS = 5;
const SCROLLS = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);
const SHOWN_NOTES = 1;  // phones stack the notifications of one app; the newest is on top

// A mark that was set leaves the page where it is; only another page is shown from its top.
const sameOpening = (one, other) =>
  one.querySelector(".text")?.textContent.slice(0, 40)
    === other.querySelector(".text")?.textContent.slice(0, 40);

export class Phone {
  // `plan`: {label, bot, people: [id], groups: [id]}; `page` offers say(text), trouble(error), save().
  constructor(plan, page) {
    this.plan = plan;
    this.page = page;
    this.person = plan.people[0] ?? null;
    this.group = null;
    this.editing = null;
    this.lastToast = null;
    this.cleared = {};
    this.read = {};  // the newest notification of a chat that its owner has seen in the chat itself
    this.seen = new Map();  // the newest change that was on screen, by tab
    this.drawn = "";
    this.placed = null;  // {node, at}: what was last shown from its top, and how far down that was
    this.browses = false;  // somebody scrolls back: what arrives must not pull the words away
    this.root = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.$ = (selector) => this.root.querySelector(selector);
    this.root.setAttribute("aria-label", plan.label);
    this.$(".role").textContent = plan.label;
    this.$(".tabs").setAttribute("aria-label", `${plan.label}: whose phone`);
    this.$(".log").setAttribute("aria-label", `${plan.label}: messages`);
    this.$("textarea").setAttribute("aria-label", `Message as ${plan.label.toLowerCase()}`);
    this.listen();
  }

  get chatKey() { return `${this.person}:${this.group ?? this.person}`; }
  get where() { return this.group ?? this.plan.bot; }

  listen() {
    const field = this.$("textarea");
    this.$(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(field.value);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send(field.value);
      } else if (event.key === "Escape" && this.editing) this.stopEditing();
    });
    this.$(".cancel").addEventListener("click", () => this.stopEditing());
    this.$(".start").addEventListener("click", () => {
      field.focus();
      this.do("start", {});
    });
    this.$(".language").addEventListener("change", (event) =>
      this.do("language", { language: event.target.value || null }));
    this.$(".block").addEventListener("click", () =>
      this.do(this.isBlocked ? "unblock" : "block", {}));
    this.$(".clear").addEventListener("click", () => {
      this.cleared[this.person] = this.lastNote;
      this.refresh(this.world);
      this.$(".log").focus();
    });
    for (const kind of ["wheel", "touchmove", "keydown"]) {
      this.$(".log").addEventListener(kind, (event) => {
        if (kind !== "keydown" || SCROLLS.has(event.key)) this.browses = true;
      }, { passive: true });
    }
    const attach = this.$(".attach");
    for (const button of this.root.querySelectorAll("[data-kind]")) {
      button.addEventListener("click", () => {
        attach.open = false;
        field.focus();
        this.do("media", { kind: button.dataset.kind });
      });
    }
    attach.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && attach.open) {
        attach.open = false;
        attach.querySelector("summary").focus();
      }
    });
    attach.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !attach.contains(event.relatedTarget)) attach.open = false;
    });
  }

  async do(action, given) {
    this.browses = false;
    this.read[this.chatKey] = this.lastNote;  // who acts in a chat has it open, and has read it
    try {
      await api.act(this.person, action, { bot: this.where, ...given });
      this.page.trouble(null);
      return true;
    } catch (error) {
      this.page.trouble(error);
      return false;
    }
  }

  async send(text) {
    if (!text.trim() || this.person === null) return;
    const done = this.editing
      ? await this.do("edit", { message_id: this.editing, text })
      : await this.do("text", { text });
    if (!done) return;
    this.stopEditing();
  }

  startEditing(message) {
    this.editing = message.id;
    this.$(".editing").hidden = false;
    this.$("textarea").value = message.text;
    this.$("textarea").focus();
  }

  stopEditing() {
    this.editing = null;
    this.$(".editing").hidden = true;
    this.$("textarea").value = "";
    this.$("textarea").focus();
  }

  async addPerson() {
    const number = this.plan.people.length + 1;
    try {
      const person = await api.addPerson(`${this.plan.label} ${number}`, "en");
      this.plan.people.push(person.id);
      await this.page.save();
      this.open(person.id, null);
    } catch (error) {
      this.page.trouble(error);
    }
  }

  open(person, group) {
    this.person = person;
    this.group = group;
    this.drawn = "";
    this.lastToast = null;
    if (this.editing) this.stopEditing();
    this.refresh(this.world);
  }

  // ------------------------------------------------------------------ drawing

  async refresh(world) {
    this.world = world;
    this.drawTabs();
    if (this.person === null) return;
    const key = `${this.person}:${this.where}`;
    const [chat, { notifications }] = await Promise.all([
      api.chat(this.person, this.where), api.notifications(this.person),
    ]);
    if (key !== `${this.person}:${this.where}`) return;  // another tab was opened meanwhile
    this.seen.set(key, chat.change);
    this.drawHead(chat);
    this.drawNotes(notifications);
    this.drawLog(chat, key);
    this.drawToasts(chat);
  }

  drawTabs() {
    const names = new Map(this.world.people.map((person) => [person.id, person.name]));
    const groups = new Map(this.world.groups.map((group) => [group.id, group]));
    const tabs = [];
    for (const id of this.plan.people) tabs.push([names.get(id) ?? String(id), id, null]);
    for (const id of this.plan.groups ?? []) {
      const group = groups.get(id);
      const member = group?.members.includes(this.person) ? this.person : group?.members[0];
      if (member !== undefined) tabs.push([group.title, member, id]);
    }
    const bar = this.$(".tabs");
    const fresh = tabs.map(([, person, group]) => this.isFresh(person, group));
    const wanted = JSON.stringify([tabs, this.person, this.group, fresh]);
    if (bar.dataset.drawn === wanted) return;
    const hadFocus = bar.contains(document.activeElement);
    bar.dataset.drawn = wanted;
    bar.replaceChildren(...tabs.map(([label, person, group], index) => {
      const tab = element("button", fresh[index] ? "fresh" : "", label);
      tab.type = "button";
      if (fresh[index]) tab.append(element("span", "hidden", " (something new)"));
      const isOpen = group === this.group && (group !== null || person === this.person);
      tab.setAttribute("aria-pressed", String(isOpen));
      tab.addEventListener("click", () => this.open(person, group));
      return tab;
    }));
    const add = element("button", "add", "Add");
    add.type = "button";
    add.setAttribute("aria-label", `Add a person: ${this.plan.label}`);
    add.addEventListener("click", () => this.addPerson());
    bar.append(add);
    if (hadFocus) bar.querySelector('[aria-pressed="true"]')?.focus();
  }

  isFresh(person, group) {
    if (group === this.group && (group !== null || person === this.person)) return false;
    const change = group !== null
      ? this.world.groups.find((one) => one.id === group)?.change
      : this.world.chats.find((one) => one.person === person && one.bot === this.plan.bot)?.change;
    return (change ?? 0) > (this.seen.get(`${person}:${group ?? this.plan.bot}`) ?? 0);
  }

  drawHead(chat) {
    this.isBlocked = chat.blocked;
    const person = this.world.people.find((one) => one.id === this.person);
    this.$(".title").textContent = chat.title;
    this.$(".avatar").textContent = (chat.title.match(/\p{L}|\p{N}/u) ?? ["·"])[0].toUpperCase();
    this.$(".state").textContent = chat.blocked ? "blocked" : this.group ? "group" : "bot";
    this.$(".block").textContent = chat.blocked ? "Unblock the bot" : "Block the bot";
    this.$(".block").hidden = this.group !== null || !chat.started;
    const language = this.$(".language");
    if (document.activeElement !== language) language.value = person?.language ?? "";
    this.$(".start").hidden = chat.started || this.group !== null;
    for (const control of this.root.querySelectorAll(".composer textarea, .send")) {
      control.disabled = chat.blocked;
    }
  }

  drawNotes(notifications) {
    const after = this.cleared[this.person] ?? -1;
    const live = notifications.filter((note, index) => !note.withdrawn && index > after
      && index > (this.read[`${this.person}:${note.chat}`] ?? -1));
    this.lastNote = notifications.length - 1;
    const shown = live.slice(-SHOWN_NOTES).reverse();
    this.$(".notes").replaceChildren(...shown.map((note) => {
      const item = element("li");
      const words = element("span", "", note.text);
      words.dir = "auto";
      item.append(
        element("b", "", note.title),
        element("small", note.silent ? "" : "rings",
          `${note.silent ? "silent" : "rings"} · ${clockTime(note.at)}`),
        words,
      );
      return item;
    }));
    this.$(".no-notes").hidden = shown.length > 0;
    this.$(".clear").hidden = shown.length === 0;
    const more = live.length - shown.length;
    this.$(".more-notes").hidden = more <= 0;
    this.$(".more-notes").textContent = `· ${more} more`;
  }

  drawLog(chat, key) {
    const log = this.$(".log");
    const isNew = this.drawn !== key;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const follows = isNew || isAtEnd || !this.browses;
    if (isNew) log.replaceChildren();
    this.drawn = key;
    this.drawAbout(chat, log);
    const known = new Map([...log.querySelectorAll(".msg")].map((node) => [node.dataset.id, node]));
    let previous = null;
    let grew = false;
    let day = null;
    let turned = null;  // the newest message that has other words now than before
    for (const message of chat.messages) {
      message.isNewDay = day !== null && day !== dayOf(message.date);
      day = dayOf(message.date);
      const node = known.get(String(message.id));
      if (node?.dataset.change === String(message.change)) { previous = node; continue; }
      if (message.deleted && node?.classList.contains("ghost")) continue;
      // Words may be deleted before they were ever drawn: their ghost is shown all the same.
      const isJustGone = !isNew && chat.now - (message.deleted_at ?? 0) < GHOST_SECONDS;
      if (message.deleted && !node && !isJustGone) continue;
      const drawn = messageNode(message, chat.kind !== "private", this.touches());
      if (node ? !sameOpening(node, drawn) : !message.deleted) turned = drawn;
      if (node) this.swap(node, drawn, message);
      else {
        if (message.deleted) this.vanish(drawn);
        if (!isNew) drawn.classList.add("arrives");
        if (previous) previous.after(drawn); else log.append(drawn);
        grew = true;
      }
      previous = drawn;
    }
    if (follows && (turned || isNew)) this.reveal(turned ?? previous);
    if (grew && !isNew && !follows) this.page.say(`${this.plan.label}: new message below`);
  }

  // What is new is read from its first line: one that is taller than the phone starts at the top.
  reveal(node) {
    const log = this.$(".log");
    this.browses = false;
    if (!node || node.offsetHeight <= log.clientHeight) log.scrollTop = log.scrollHeight;
    else log.scrollTop = node.offsetTop - log.offsetTop - 8;
    this.placed = { node, at: log.scrollTop };
  }

  drawAbout(chat, log) {
    const old = log.querySelector(".about");
    if (chat.started || this.group !== null) { old?.remove(); return; }
    const bot = this.world.bots.find((one) => one.name === this.plan.bot);
    const person = this.world.people.find((one) => one.id === this.person);
    const words = bot?.descriptions[person?.language ?? ""] ?? bot?.descriptions[""] ?? "";
    const text = words || "Nothing here yet. START opens the chat.";
    if (old?.textContent === text) return;
    old?.remove();
    log.prepend(element("p", "about", text));
  }

  // A message that changed in place keeps the keyboard's focus where it was.
  swap(node, drawn, message) {
    const controls = (one) => [...one.querySelectorAll(".keys button, .keys a")];
    const index = controls(node).indexOf(document.activeElement);
    const hadFocus = node.contains(document.activeElement);
    if (!message.deleted && message.edits) drawn.classList.add("changed");
    node.replaceWith(drawn);
    if (this.placed?.node === node) this.placed.node = drawn;
    if (message.deleted) {
      this.vanish(drawn);
      if (hadFocus) this.$(".log").focus();
    } else if (hadFocus) {
      const after = controls(drawn);
      (after[Math.min(index, after.length - 1)] ?? this.$(".log")).focus({ preventScroll: true });
    }
  }

  vanish(ghost) {
    setTimeout(() => {
      const stays = !this.browses && Math.abs(this.$(".log").scrollTop - this.placed?.at) < 4;
      ghost.remove();
      if (stays) this.reveal(this.placed.node);
    }, GHOST_SECONDS * 1000);
  }

  drawToasts(chat) {
    const newest = chat.toasts.at(-1);
    const before = this.lastToast;
    this.lastToast = newest?.n ?? 0;
    if (!newest || before === null || newest.n <= before) return;
    if (newest.alert) {
      this.$(".alert p").textContent = newest.text;
      this.$(".alert").showModal();
      return;
    }
    const toast = this.$(".toast");
    toast.textContent = newest.text;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { toast.hidden = true; }, 4000);
  }

  touches() {
    return {
      press: (message, data) => this.do("press", { message_id: message.id, data }),
      edit: (message) => this.startEditing(message),
      remove: (message) => this.do("delete", { message_ids: [message.id] }),
      command: (words) => this.do("text", { text: words }),
      picture: (message) => api.picture(this.person, this.where, message),
    };
  }
}

// Builds the phones from the world and keeps them up to date.

import * as api from "./api.js";
import { Phone } from "./phone.js";
import { element } from "./text.js";

const $ = (id) => document.getElementById(id);
const phones = [];
let world = null;
let offset = 0;

const page = {
  say(text) { $("said").textContent = text; },
  trouble(error) {
    $("trouble").hidden = !error;
    $("trouble").textContent = error ? error.message : "";
  },
  save() {
    return api.saveConfig({ ...world.config, phones: phones.map((phone) => phone.plan) });
  },
};

// `config.phones` says who is where; without it each bot gets a phone and the first one everybody.
function plans() {
  const given = world.config.phones;
  if (given?.length) return given.map((plan) => ({ people: [], groups: [], ...plan }));
  return world.bots.map((bot, index) => ({
    label: bot.title,
    bot: bot.name,
    people: index ? [] : world.people.map((person) => person.id),
    groups: world.groups.filter((group) => group.bots.includes(bot.name)).map((group) => group.id),
  }));
}

// What whoever runs this sandbox has to say: one sentence, and lines for those who open it.
let drawnBoard = "";
function drawBoard() {
  const board = world.board ?? {};
  const wanted = JSON.stringify(board);
  if (wanted === drawnBoard) return;
  drawnBoard = wanted;
  const root = $("board");
  root.hidden = !board.sentence;
  if (root.hidden) return;
  root.dataset.state = board.state;
  $("board-sentence").textContent = board.sentence;
  const lines = board.lines ?? [];
  $("board-lines").replaceChildren(...lines.map((line) => {
    const item = element("li", line.level);
    if (line.where) {
      const where = element("button", "where", line.where);
      where.type = "button";
      where.title = "Copy";
      where.addEventListener("click", () => {
        navigator.clipboard?.writeText(line.where).then(() => page.say(`${line.where} copied.`));
      });
      item.append(where, " ");
    }
    item.append(element("span", "", line.text));
    return item;
  }));
  root.open = board.state === "bad";
}

function drawClock() {
  const now = Date.now() / 1000 + offset;
  const date = new Date(now * 1000);
  $("now").dateTime = date.toISOString();
  $("now").textContent = date.toLocaleString([], {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
  });
  const minutes = Math.round(world.ahead / 60);
  $("ahead").textContent = minutes
    ? `(${Math.floor(minutes / 60)} h ${minutes % 60} min ahead)` : "";
}

async function refresh() {
  world = await api.world();
  offset = world.now - Date.now() / 1000;
  drawClock();
  drawBoard();
  if (world.config.title) $("title").textContent = world.config.title;
  if (world.config.note) $("note").textContent = world.config.note;
  for (const plan of plans()) {
    const phone = phones.find((one) => one.plan.label === plan.label);
    if (phone) {
      for (const id of plan.people) if (!phone.plan.people.includes(id)) phone.plan.people.push(id);
      phone.plan.groups = plan.groups;
      phone.person ??= phone.plan.people[0] ?? null;
      continue;
    }
    const fresh = new Phone(plan, page);
    if (!phones.length) $("phones").replaceChildren();
    phones.push(fresh);
    $("phones").append(fresh.root);
  }
  await Promise.all(phones.map((phone) => phone.refresh(world)));
  return world.change;
}

async function run() {
  let change = -1;
  for (;;) {
    try {
      change = await refresh();
      await api.changes(change);
    } catch {
      page.trouble(new Error("The sandbox does not answer. Trying again…"));
      await new Promise((resume) => { setTimeout(resume, 1500); });
      continue;
    }
    if ($("trouble").textContent.startsWith("The sandbox does not answer")) page.trouble(null);
  }
}

for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", async () => {
    await api.advance(Number(button.dataset.advance)).catch(page.trouble);
    page.say(`The clock is ${button.textContent} on.`);
  });
}
setInterval(() => { if (world) drawClock(); }, 15000);
run();

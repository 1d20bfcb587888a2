// One message as a DOM node. It reports what was touched; it does not know the sandbox.

import { element, formatted, link } from "./text.js";

const SHAPES = {
  photo: "M3 6h18v13H3zM3 16l5-5 4 4 3-3 6 6M16 9.5h.01",
  video: "M3 6h13v12H3zM16 10l5-3v10l-5-3",
  voice: "M5 10v4M9 7v10M13 4v16M17 8v8M21 11v2",
  sticker: "M5 4h14v10l-5 6H5zM14 20v-6h5M9 10h.01M15 10h.01",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6",
  location: "M12 21c5-6 7-9 7-12a7 7 0 0 0-14 0c0 3 2 6 7 12zM12 9h.01",
  document: "M6 3h8l4 4v14H6zM14 3v4h4",
  dice: "M5 5h14v14H5zM9 9h.01M15 15h.01M12 12h.01",
};

function icon(kind) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[kind]);
  svg.append(path);
  return svg;
}

// Telegram has no alternative text: what a screen reader says of a photo is its caption, below it.
function picture(message, on) {
  const shown = element("img", "picture");
  shown.src = on.picture(message);
  shown.alt = message.text ? "Photo, described by the words below" : "Photo without words";
  return shown;
}

export function clockTime(seconds, withDay = false) {
  const day = withDay ? { weekday: "short", day: "numeric", month: "short" } : {};
  return new Date(seconds * 1000).toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" });
}

export const dayOf = (seconds) => new Date(seconds * 1000).toDateString();

function meta(message, on) {
  const row = element("div", "meta");
  if (message.mine && !message.deleted) {
    if (message.kind === "text") row.append(tool("Edit", () => on.edit(message)));
    row.append(tool("Delete", () => on.remove(message), "Delete on this phone only"));
  }
  const marks = [];
  if (message.deleted) marks.push("deleted");
  else if (message.edits) marks.push("edited");
  if (!message.mine && message.from === "bot") marks.push(message.silent ? "silent" : "rings");
  if (message.protected) marks.push("protected");
  for (const mark of marks) row.append(element("span", `mark-${mark}`, mark));
  row.append(element("time", "", clockTime(message.date, message.isNewDay)));
  return row;
}

function tool(label, action, meaning) {
  const button = element("button", "", label);
  button.type = "button";
  if (meaning) button.title = meaning;
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    action();
  });
  return button;
}

function keyboard(message, on) {
  const keys = element("div", "keys");
  keys.setAttribute("role", "group");
  keys.setAttribute("aria-label", "Buttons");
  for (const row of message.buttons) {
    const line = element("div");
    for (const button of row) {
      if (button.url) {
        line.append(link(button.url, button.text));
        continue;
      }
      const key = element("button", "", button.text);
      key.type = "button";
      key.addEventListener("click", () => {
        key.setAttribute("aria-busy", "true");
        setTimeout(() => key.removeAttribute("aria-busy"), 2000);
        on.press(message, button.callback_data ?? "");
      });
      line.append(key);
    }
    keys.append(line);
  }
  return keys;
}

export function messageNode(message, isGroup, on) {
  const node = element("article", `msg${message.mine ? " mine" : ""}`);
  if (message.buttons.length) node.classList.add("wide");
  if (message.deleted) node.classList.add("ghost");
  node.dataset.id = message.id;
  node.dataset.change = message.change;
  const bubble = element("div", "bubble");
  if (isGroup && !message.mine) bubble.append(element("span", "from", message.name));
  if (message.kind !== "text") {
    const media = element("div", "media");
    if (message.picture && !message.deleted) media.append(picture(message, on));
    else media.append(icon(message.kind), element("span", "", message.kind));
    bubble.append(media);
  }
  if (message.text) {
    const words = element("div", "text");
    words.dir = "auto";
    words.append(formatted(message.text, message.entities, on.command));
    bubble.append(words);
  }
  bubble.append(meta(message, on));
  if (message.mine && message.kind === "text" && !message.deleted) {
    bubble.addEventListener("click", () => {
      if (!String(getSelection())) on.edit(message);
    });
  }
  node.append(bubble);
  if (message.buttons.length && !message.deleted) node.append(keyboard(message, on));
  return node;
}

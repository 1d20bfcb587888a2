// Text and entities become DOM nodes. Only textContent is ever set; a link needs a known scheme.

const WRAPPERS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s",
  code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const SAFE = /^(https?|tg|mailto|tel):/i;

export function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export function link(address, text) {
  const node = element("a", "", text);
  node.href = address;
  node.target = "_blank";
  node.rel = "noreferrer noopener";
  return node;
}

function wrapper(entity, words, onCommand) {
  if (WRAPPERS[entity.type]) return element(WRAPPERS[entity.type]);
  if (entity.type === "text_link" && SAFE.test(entity.url)) return link(entity.url);
  if (entity.type === "url") return link(SAFE.test(words) ? words : `https://${words}`);
  if (entity.type === "email") return link(`mailto:${words}`);
  if (entity.type === "phone_number") return link(`tel:${words.replace(/[^\d+]/g, "")}`);
  if (entity.type === "spoiler") {
    const node = element("span", "spoiler");
    node.tabIndex = 0;
    return node;
  }
  if (entity.type === "bot_command") {
    const node = element("button", "command");
    node.type = "button";
    node.addEventListener("click", (event) => {
      event.stopPropagation();
      onCommand(words);
    });
    return node;
  }
  return element("span");
}

// Entities may nest but not cross; offsets are UTF-16 units, as in JavaScript's own strings.
export function formatted(text, entities, onCommand) {
  const root = document.createDocumentFragment();
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fill = (parent, from, to) => {
    let at = from;
    while (sorted.length && sorted[0].offset < to) {
      const entity = sorted.shift();
      const start = Math.max(at, entity.offset);
      const end = Math.min(to, entity.offset + entity.length);
      if (end <= start) continue;
      parent.append(text.slice(at, start));
      const node = wrapper(entity, text.slice(start, end), onCommand);
      fill(node, start, end);
      parent.append(node);
      at = end;
    }
    parent.append(text.slice(at, to));
  };
  fill(root, 0, text.length);
  return root;
}

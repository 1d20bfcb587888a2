// The control API, as functions. A refusal becomes an Error with the sandbox's own sentence.

async function call(method, path, body) {
  const response = await fetch(`/sandbox/${path}`, {
    method,
    headers: body ? { "content-type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || "The sandbox did not understand.");
  return answer;
}

export const world = () => call("GET", "world");
export const changes = (since) => call("GET", `changes?since=${since}&timeout=25`);
export const advance = (seconds) => call("POST", "clock", { advance: seconds });
export const chat = (person, bot) =>
  call("GET", `chat?person=${person}&bot=${encodeURIComponent(bot)}`);
export const picture = (person, bot, message) =>
  `/sandbox/picture?person=${person}&bot=${encodeURIComponent(bot)}&id=${message.id}&change=${message.change}`;
export const notifications = (person) => call("GET", `notifications/${person}`);
export const addPerson = (name, language) => call("POST", "people", { name, language });
export const saveConfig = (config) => call("POST", "config", config);
export const act = (person, action, given) => call("POST", `people/${person}/${action}`, given);

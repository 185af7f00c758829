// The API, with the cookie that signing in left. Every failure is one sentence.

/** What went wrong, as one sentence. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let signedOut = () => {};
let over = false;

/** Calls when the session has come to its end. */
export const onSignedOut = (call) => {
  signedOut = call;
};

export const get = (path) => ask(path, { method: "GET" });

export const post = (path, body) =>
  ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-wirereport": "1" },
    body: JSON.stringify(body ?? null),
  });

/** A path below another one, whatever the name holds; the slashes of stories and actors stay. */
export const below = (path, name) => path + String(name).split("/").map(encodeURIComponent).join("/");

async function ask(path, request) {
  if (over) throw new Problem(401, "The session is over.");
  let response;
  try {
    response = await fetch(path, { ...request, credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new Problem(0, "The service does not answer; it is asked again.");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status === 401 && path !== "v1/sign-in") {
    over = true;
    signedOut();
  }
  throw new Problem(response.status, sentence(answer?.detail ?? `The service answered HTTP ${response.status}.`));
}

/** A detail as a sentence of its own. */
export const sentence = (detail) => {
  const text = detail.charAt(0).toUpperCase() + detail.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
};

/**
 * Something the API knows, which several panels may show. It is asked for again when it may have changed: never twice at
 * the same time, and not more often than once in `PAUSE` milliseconds.
 */
const PAUSE = 400;

export class Source {
  constructor(path) {
    this.path = path;
    this.data = null;
    this.watchers = [];
  }

  /** Calls with the data or with the problem, each time it was asked for. */
  watch(call) {
    this.watchers.push(call);
  }

  /** Asks somewhere else from now on. */
  at(path) {
    this.path = path;
    this.refresh();
  }

  refresh() {
    // What was missed is asked for once the page is seen again.
    if (document.hidden) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.ask().finally(() => {
      setTimeout(() => {
        this.busy = false;
        if (!this.again) return;
        this.again = false;
        this.refresh();
      }, PAUSE);
    });
  }

  async ask() {
    const path = this.path;
    let problem = null;
    try {
      const data = await get(path);
      if (path !== this.path) return;
      this.data = data;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem = error;
    }
    for (const call of this.watchers) call(this.data, problem);
  }
}

/** The items of a list. */
export const items = (answer) => (Array.isArray(answer) ? answer : answer?.items ?? []);

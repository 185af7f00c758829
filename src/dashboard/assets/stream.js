// The stream of events. It is read by `fetch`, since only so can it be taken up where it was left after a pause.

const LONGEST_WAIT = 15_000;
/** The service says something at least each 15 s. */
const SILENT = 40_000;

/**
 * Follows the stream while the page is seen.
 *
 * `event` is told each event's type and data; `state` is told "connecting", "live", "paused" or "lost"; `caughtUp` is called
 * whenever events may have been missed.
 */
export function follow(path, { event, state, caughtUp }) {
  let lastId = null;
  let failures = 0;
  let reading = null;
  let timer = null;
  let over = false;

  async function connect() {
    clearTimeout(timer);
    if (over || document.hidden || reading) return;
    reading = new AbortController();
    state(failures > 1 ? "lost" : "connecting");
    const { signal } = reading;
    try {
      await read(signal);
      failures = 0;
    } catch {
      if (!signal.aborted || !document.hidden) failures += 1;
    }
    reading = null;
    if (over || document.hidden) return;
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** failures);
    timer = setTimeout(connect, wait * (0.5 + Math.random() / 2));
  }

  async function read(signal) {
    const headers = { accept: "text/event-stream", ...(lastId && { "last-event-id": lastId }) };
    const response = await fetch(path, { headers, signal, credentials: "same-origin", cache: "no-store" });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    state("live");
    failures = 0;
    caughtUp();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let silence = null;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => reading?.abort(), SILENT);
    };
    let rest = "";
    try {
      for (heard(); ; heard()) {
        const { value, done } = await reader.read();
        if (done) return;
        const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) tell(block);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  function tell(block) {
    const message = { event: "message", data: [] };
    for (const line of block.split("\n")) {
      const at = line.indexOf(":");
      const [name, value] = at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, "")];
      if (name === "id") lastId = value;
      if (name === "event") message.event = value;
      if (name === "data") message.data.push(value);
    }
    if (message.data.length > 0) event(message.event, JSON.parse(message.data.join("\n")));
  }

  function seen() {
    if (!document.hidden) {
      failures = 0;
      connect();
      return;
    }
    reading?.abort();
    clearTimeout(timer);
    state("paused");
  }

  document.addEventListener("visibilitychange", seen);
  connect();

  /** Ends it. */
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", seen);
    reading?.abort();
    clearTimeout(timer);
  };
}

// Signing in: by the link's code, which stands after the `#` and is used at once, or by a token.

import { get, post } from "./api.js";

/**
 * Whether this browser may have a cookie. No script sees the cookie itself, and asking without one is an error in the eyes
 * of the browser and in the service's audit log.
 */
const PLACE = `wirereport ${location.pathname}`;

const section = document.getElementById("sign-in");
const form = document.getElementById("sign-in-form");
const field = document.getElementById("token");
const trouble = document.getElementById("sign-in-trouble");

/** Who is signed in, once somebody is. */
export async function signedIn() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code) {
    // Neither a reload nor the history shows it again.
    history.replaceState(null, "", location.pathname + location.search);
    try {
      return remembered(await post("v1/sign-in", { code }));
    } catch (error) {
      return pasted(error.message);
    }
  }
  if (!localStorage.getItem(PLACE)) return pasted("");
  try {
    return await get("v1/me");
  } catch (error) {
    return pasted(error.status === 401 || error.status === 403 ? "" : error.message);
  }
}

function remembered(me) {
  localStorage.setItem(PLACE, "signed in");
  return me;
}

/** Takes it that there is no cookie any more. */
export function forget() {
  localStorage.removeItem(PLACE);
}

/** Waits until a token was pasted that is good. */
function pasted(why) {
  section.hidden = false;
  tell(why);
  field.focus();
  return new Promise((resolve) => {
    form.addEventListener("submit", async function submit(event) {
      event.preventDefault();
      try {
        const me = await post("v1/sign-in", { token: field.value });
        form.removeEventListener("submit", submit);
        form.reset();
        section.hidden = true;
        resolve(remembered(me));
      } catch (error) {
        tell(error.message);
        field.select();
      }
    });
  });
}

function tell(why) {
  trouble.textContent = why;
  trouble.hidden = why === "";
}

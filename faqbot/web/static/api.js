// The page's calls to the API, and its errors in the reader's language.

import { hasText, text } from "./language.js";

/** An error whose message can be shown to the reader. */
export class ApiError extends Error {}

/**
 * @param {string} path
 * @param {object} body
 * @returns {Promise<any>} the reply's JSON
 * @throws {ApiError}
 */
export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  const key = document.getElementById("key")?.value.trim();
  if (key) headers["X-API-Key"] = key;
  let response, reply;
  try {
    response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    reply = await response.json();
  } catch {
    throw new ApiError(text("error_network"));
  }
  if (!response.ok) throw new ApiError(errorText(response.status, reply?.error?.code));
  return reply;
}

function errorText(status, code) {
  if (hasText(`error_${code}`)) return text(`error_${code}`);
  if (status === 401 || status === 403) return text("error_unauthorised");
  return text(status === 503 ? "error_not_ready" : "error_other");
}

// The server does not know by which name it was called; the browser does.
const server = /** @type {HTMLElement} */ (document.getElementById("server"));
if (!server.textContent) server.textContent = location.origin;

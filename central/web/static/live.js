// Renews the parts of a page that are marked `data-live` as soon as the service says that something has changed.
"use strict";
(() => {
  if (!document.querySelector("[data-live]")) return;
  const status = performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200;
  let renewing = false;
  let again = false;

  async function renew() {
    if (renewing) {
      again = true;
      return;
    }
    renewing = true;
    try {
      const answer = await fetch(location.href, { headers: { "x-deskside-live": "1" }, redirect: "manual" });
      if (!answer.ok) {
        // Logged out, or a role was taken away. A page that was refused from the start stays as it is.
        if (answer.status !== status) location.reload();
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const newer = page.getElementById(part.id);
        // What somebody is reading with the keyboard or has opened stays as it is until they have moved on.
        if (!newer || newer.innerHTML === part.innerHTML || part.contains(document.activeElement)) continue;
        part.innerHTML = newer.innerHTML;
      }
    } catch {
      // The service is away: the stream below tells when it is back.
    } finally {
      renewing = false;
      if (again) {
        again = false;
        renew();
      }
    }
  }

  const changes = new EventSource("/live");
  changes.addEventListener("changed", renew);
  changes.addEventListener("ended", () => location.reload());
})();
